#!/bin/sh
# Builds gemm5.ptx.gz from gemm5_tensorcores.cl, with clang alone (no CUDA toolkit): PTX 7.0 for sm_80, drivers from mid-2020 on, Ampere and
# later. Run it after a change to the .cl file, and commit what it wrote. Usage: build-ptx.sh [output file | --hash]; CLANG names the
# compiler.
set -eu
cd "$(dirname "$0")"
hash="gemm5_tensorcores.cl, sha256 $(sha256sum gemm5_tensorcores.cl | cut -d' ' -f1)"
if [ "${1:-}" = --hash ]; then echo "$hash"; exit; fi
out=${1:-gemm5.ptx.gz}
for candidate in ${CLANG:-clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14}; do
    command -v "$candidate" > /dev/null && { clang=$candidate; break; }
done
: "${clang:?no clang found: set CLANG to one with the NVPTX target}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The text four times, once for each pair of transposes.
for pair in "0 0 nn" "0 1 nt" "1 0 tn" "1 1 tt"; do
    set -- $pair
    printf '#define TRANSPOSE_A %s\n#define TRANSPOSE_B %s\n#define GEMM gemm_tensorcores_%s\n' "$1" "$2" "$3"
    cat gemm5_tensorcores.cl
    printf '#undef TRANSPOSE_A\n#undef TRANSPOSE_B\n#undef GEMM\n'
done > "$work/gemm5.cl"
"$clang" -x cl -cl-std=CL1.2 --target=nvptx64-nvidia-cuda -Xclang -target-cpu -Xclang sm_80 -Xclang -target-feature -Xclang +ptx70 \
    -nogpulib -O3 -ffp-contract=fast -S -o "$work/gemm5.ptx" "$work/gemm5.cl"
# clang drops required group sizes: .maxntid and .minnctapersm tell the driver how many registers a thread may take (one group of 256 a
# processor).
{
    printf '// NativeNN %s\n' "$hash"
    sed -e 's/^)$/)\n.maxntid 256, 1, 1\n.minnctapersm 1/' -e '/^\/\/ \(Generated\|Compiler\|Based\)/d' "$work/gemm5.ptx"
} | gzip -9n > "$work/gemm5.ptx.gz"
mv "$work/gemm5.ptx.gz" "$out"
