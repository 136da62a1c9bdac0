#!/bin/sh
# Builds Ptx/<target>/<module>.ptx.gz from the kernels here, with clang alone (no CUDA toolkit). Run it after a change to a .cl file, and commit
# what it wrote. Usage: build-ptx.sh [output folder | --version]; CLANG names the compiler (clang or clang-NN).
#   sm_60: PTX 6.0, drivers from 2017 on, Pascal and later.   sm_80: PTX 7.0, from mid-2020 on, Ampere and later; adds cp.async and tensor cores.
set -eu
cd "$(dirname "$0")"
out=${1:-Ptx}
# The one that built what is here, if it is installed: it gives the same bytes again. Else the first there is.
for candidate in ${CLANG:-clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14}; do
    command -v "$candidate" > /dev/null || continue
    : "${clang:=$candidate}"
    if [ "$("$candidate" --version | head -n 1)" = "$(cat Ptx/clang-version)" ]; then clang=$candidate; break; fi
done
: "${clang:?no clang found: set CLANG to one with the NVPTX target}"
version=$("$clang" --version | head -n 1)
if [ "$out" = --version ]; then echo "$version"; exit; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The text of a module: its files one after the other, transposed variants four times.
text() {
    for file in "$@"; do
        case $file in
            \**)
                for pair in "0 0 nn" "0 1 nt" "1 0 tn" "1 1 tt"; do
                    set -- $pair
                    printf '#define TRANSPOSE_A %s\n#define TRANSPOSE_B %s\n#define GEMM(name) name##_%s\n' "$1" "$2" "$3"
                    cat "${file#\*}.cl"
                    printf '#undef TRANSPOSE_A\n#undef TRANSPOSE_B\n#undef GEMM\n'
                done ;;
            *) cat "$file.cl" ;;
        esac
    done
}

grep -v '^#' modules.txt | while IFS=: read -r name files; do
    case $name in *!) continue ;; esac
    module=${name%+}
    set -f
    text $files > "$work/$module.cl"
    set +f
    hash=$(sha256sum "$work/$module.cl" | cut -d' ' -f1)
    for target in "60 60 0" "80 70 1"; do
        set -- $target
        case $name in *+) [ "$3" = 1 ] || continue ;; esac
        "$clang" -x cl -cl-std=CL1.2 --target=nvptx64-nvidia-cuda -Xclang -target-cpu -Xclang "sm_$1" -Xclang -target-feature -Xclang "+ptx$2" \
            -nogpulib -D "ASYNC_COPY=$3" -O3 -ffp-contract=fast -S -o "$work/$module.ptx" "$work/$module.cl"
        mkdir -p "$out/sm_$1"
        # clang drops required group sizes: .maxntid and .minnctapersm tell the driver how many registers a thread may take.
        # Two groups of 256 threads a processor leave 128 registers a thread; the tensor cores' kernel wants more and runs one group.
        groups=2
        if [ "$module" = gemm5 ]; then groups=1; fi
        {
            printf '// NativeNN %s.cl, sha256 %s\n' "$module" "$hash"
            sed -e 's/^)$/)\n.maxntid 256, 1, 1\n.minnctapersm '$groups'/' -e '/^\/\/ \(Generated\|Compiler\|Based\)/d' "$work/$module.ptx"
        } | gzip -9n > "$out/sm_$1/$module.ptx.gz"
    done
done
echo "$version" > "$out/clang-version"
