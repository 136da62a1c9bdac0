#!/bin/sh
# Every check and measurement of a GPU on a machine that has one but no .NET, in under 8 minutes.
#   check-on-gpu.sh publish FILE.tar.gz   with the SDK: packs tests, benches, data and this script for linux-x64 (about 50 MB)
#   check-on-gpu.sh [DEVICE]              in the unpacked folder; DEVICE is cuda (the default), cuda:1, opencl, …
# PYTHON names a Python with torch to compare with (default python3). The last lines are a short table; the rest goes to results/ too.
set -u
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1:-}" = publish ]; then
    set -e
    target=$(realpath "${2:?check-on-gpu.sh publish FILE.tar.gz}")
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # From a copy without the lock files: those name no runtime, and a self-contained build needs one.
    mkdir "$work/source"
    (cd "$here/.." && git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf -) | tar -xf - -C "$work/source"
    find "$work/source" -name packages.lock.json -delete
    for project in Tests Bench; do
        dotnet publish "$work/source/$project" -c Release -r linux-x64 --self-contained \
            -p:UseAppHost=true -p:DebugType=none -o "$work/gpu-check" -v quiet -nologo
    done
    cp "$here/check-on-gpu.sh" "$here/check-on-gpu.gemm4-before.ptx.gz" "$work/gpu-check/"
    # What only a test runner, BenchmarkDotNet's reports and other systems need.
    (cd "$work/gpu-check" &&
        rm -rf Goldens CodeCoverage alpine macos ubuntu amd64 arm64 x64 x86 cs de es fr it ja ko pl pt-BR ru tr zh-Hans zh-Hant \
        Microsoft.CodeAnalysis* Microsoft.Diagnostics* Microsoft.TestPlatform* \
        Microsoft.VisualStudio* Gee.External* Iced.dll libcapstone* *.xml)
    tar -C "$work" -czf "$target" gpu-check
    ls -l "$target"
    exit
fi

device=${1:-cuda}
python=${PYTHON:-python3}
cd "$here"
mkdir -p results
begin=$(date +%s)

# part NAME SECONDS COMMAND…: runs it within its time, shows and keeps what it says.
part() {
    name=$1; limit=$2; shift 2
    echo "==== $name"
    timeout "$limit" "$@" > "results/$name.txt" 2>&1
    status=$?
    cat "results/$name.txt"
    [ $status -ne 124 ] || echo "$name was stopped after $limit s" | tee -a "results/$name.txt"
    return $status
}

{ nvidia-smi --query-gpu=name,driver_version,clocks.max.sm,power.limit --format=csv,noheader 2> /dev/null ||
    echo "no nvidia-smi"; } | tee results/machine.txt
part correctness 210 ./NativeNN.Tests device "$device"
part gemm 90 ./NativeNN.Bench gemm --device "$device" --largest "${LARGEST:-4096}" --json results/gemm.json
part steps 60 ./NativeNN.Bench step --device "$device" --json results/steps.json
part epoch-device 45 ./NativeNN.Bench epoch --device "$device"
part epoch-cpu 45 ./NativeNN.Bench epoch --device cpu
part peers 90 ./NativeNN.Bench peers --device "$device" --python "$python" --json results/peers.json

echo
echo "================ summary: $(cat results/machine.txt) ================"
echo "correctness: $(grep -c '^ok' results/correctness.txt) ok," \
    "$(grep -c '^FAIL' results/correctness.txt) failed; $(tail -n 1 results/correctness.txt)"
grep '^FAIL' results/correctness.txt
echo "-- version 4 in C# beside the one before ILGPU"
grep 'version 4 in C#' results/correctness.txt
echo "-- products (size, version, kernel ms, with transfers ms, GFLOP/s, fraction of peak)"
grep -E '^ +(1024|2048|4096) ' results/gemm.txt
grep 'beats the CPU' results/gemm.txt
echo "-- steps"
tail -n 9 results/steps.txt
grep 'beats the CPU' results/steps.txt
echo "-- an epoch on the device, on the CPU"
tail -n 8 results/epoch-device.txt
tail -n 8 results/epoch-cpu.txt
echo "-- beside PyTorch (cuBLAS): products in FP32 and TF32, own version 5 as TF32×3; steps plain and as graphs"
tail -n 14 results/peers.txt
echo "in $(($(date +%s) - begin)) s"
