#!/bin/sh
# Assembles the embedded PTX with NVIDIA's ptxas for every architecture it is meant for, and fails on an error or a spilled register in a matrix
# product. PTXAS names the program; without one: unpack nvidia-cuda-toolkit (Debian non-free) outside the system, apt-get download and dpkg -x.
set -u
cd "$(dirname "$0")/Kernels/Ptx"
ptxas=${PTXAS:-ptxas}
command -v "$ptxas" > /dev/null || { echo "no ptxas: set PTXAS"; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$ptxas" --version | tail -n 2 | head -n 1
faults=0
for target in sm_60 sm_80; do
    architectures="60 70 75 86 90"
    [ $target = sm_60 ] || architectures="80 86 89 90"
    for file in $target/*.ptx.gz; do
        module=$(basename "$file" .ptx.gz)
        gzip -dc "$file" > "$work/$module.ptx"
        for architecture in $architectures; do
            if ! "$ptxas" -arch=sm_$architecture -v "$work/$module.ptx" -o "$work/out.cubin" 2> "$work/log"; then
                echo "$target $module sm_$architecture: refused"; cat "$work/log"; faults=$((faults + 1)); continue
            fi
            spills=$(grep -o '[0-9]* bytes spill stores' "$work/log" | awk '{ sum += $1 } END { print sum + 0 }')
            registers=$(grep -o 'Used [0-9]*' "$work/log" | awk '{ if ($2 > most) most = $2 } END { print most }')
            printf '%-6s %-12s on sm_%s: at most %3s registers, %s bytes spilled\n' "$target" "$module" "$architecture" "$registers" "$spills"
            case $module in gemm*) [ "$spills" = 0 ] || faults=$((faults + 1)) ;; esac
        done
    done
done
[ $faults = 0 ] && echo "ptxas accepts everything; no matrix product spills."
exit $faults
