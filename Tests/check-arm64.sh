#!/usr/bin/env bash
# The engine on ARM64 where there is no such machine: tests that tell whether its results are the promised ones, under QEMU's user
# emulation, on a CPU with all there is (max) and on one without atomic instructions (cortex-a72); and the results of every kernel and op,
# which must have this machine's bits.
# check-arm64.sh [WORD...]: the tests that have one of the words in their names, instead of those below.
# Linux on x86-64 with apt. Nothing is installed: packages are unpacked into a temporary folder, or into $ARM64_PACKAGES, where they stay.
# Exit code 77: it could not run, and the last line says why.
set -euo pipefail
cd "$(dirname "$0")/.."
words=("$@")
[ ${#words[@]} -gt 0 ] || words=(OrderOfAdditionTests ScalarTests OpsBitsTests OptimBitsTests WorkerPoolTests
    Tests.Random. RngTests.)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packages=${ARM64_PACKAGES:-$work/packages}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

skip() {
    echo "$*"
    exit 77
}

# QEMU, and the libraries that the runtime is linked against or opens, from lists of packages of our own.
unpack() {
    local apt=(apt-get -qq -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root
        -o APT::Architectures::=arm64 -o Acquire::Languages=none)
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$packages"
    cd "$work/debs"
    "${apt[@]}" update && "${apt[@]}" download libc6:arm64 libstdc++6:arm64 libgcc-s1:arm64 || return 1
    "${apt[@]}" download libssl3:arm64 || "${apt[@]}" download libssl3t64:arm64 || return 1
    for package in *.deb; do
        dpkg-deb -x "$package" "$packages" || return 1
    done
    # Newer distributions have the static program in the package without that word.
    for package in qemu-user-static qemu-user; do
        "${apt[@]}" download "$package" || return 1
        dpkg-deb --fsys-tarfile "$package"_*.deb | tar -x -C "$packages" --wildcards './usr/bin/qemu-aarch64*' && return
    done
}

[ "$(uname -sm)" = "Linux x86_64" ] || skip "this is $(uname -sm), not Linux on x86-64"
command -v apt-get dpkg-deb >/dev/null || skip "QEMU and ARM64 libraries come by apt, and there is none"
[ -d "$packages/usr/bin" ] || (unpack) >"$work/log" 2>&1 || skip "apt did not give QEMU and ARM64 libraries: $(tail -n 1 "$work/log")"
qemu=$(find "$packages/usr/bin" -name qemu-aarch64 -o -name qemu-aarch64-static | head -n 1)

# Published from a copy: for another platform packages.lock.json would change.
mkdir "$work/source"
tar -c --exclude=.git --exclude=bin --exclude=obj --exclude=out . | tar -x -C "$work/source"
publish=(dotnet publish "$work/source/Tests" -c Release -r linux-arm64 --self-contained -p:UseAppHost=true -p:RunAnalyzers=false
    -o "$work/tests" -v quiet)
dotnet restore "$work/source/Tests" -r linux-arm64 -p:SelfContained=true >"$work/log" 2>&1 ||
    skip "NuGet did not give .NET's runtime for ARM64: $(grep error "$work/log" | head -n 1)"
"${publish[@]}"

# W^X writes code through a second mapping, and QEMU goes on with what stood there before. Four processors, or the pool has no helpers.
export DOTNET_EnableWriteXorExecute=0 DOTNET_PROCESSOR_COUNT=4
here=$(dotnet run -c Release --project Tests -- digests)
run_on() {
    local arm=("$qemu" -cpu "$1" -L "$packages" "$work/tests/NativeNN.Tests") start=$SECONDS there failed=0
    there=$("${arm[@]}" digests) || failed=1
    echo "lanes, products rounded once, sums, all results: $there; here: $here"
    [ "${there#* }" = "${here#* }" ] || failed=1
    "${arm[@]}" tests "${words[@]}" || failed=1
    echo "$((SECONDS - start)) s"
    return $failed
}
run_on max >"$work/max" 2>&1 &
failed=0
run_on cortex-a72 >"$work/cortex-a72" 2>&1 || failed=1
wait $! || failed=1
for cpu in max cortex-a72; do
    sed "s/^/$cpu: /" "$work/$cpu"
done
exit $failed
