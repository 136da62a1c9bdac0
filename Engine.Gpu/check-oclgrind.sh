#!/bin/sh
# Runs every kernel under Oclgrind, which executes OpenCL C step by step and reports data races, reads of uninitialised memory and accesses outside a
# buffer. Needs oclgrind (Debian: oclgrind) and a built test project. Usage: check-oclgrind.sh [dotnet test filter]
set -eu
cd "$(dirname "$0")/.."
library=$(find /usr/lib /usr/local/lib -name 'liboclgrind-rt-icd.so' 2> /dev/null | head -n 1)
: "${library:?liboclgrind-rt-icd.so not found: install oclgrind}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "$library" > "$work/oclgrind.icd"
export OCL_ICD_VENDORS="$work" OCLGRIND_DATA_RACES=1 OCLGRIND_CHECK_API=1 OCLGRIND_UNINITIALIZED=0 OCLGRIND_LOG="$work/log"
export NATIVENN_OCLGRIND=1
touch "$work/log"
dotnet test -c Release Tests --no-build --filter "${1:-FullyQualifiedName~Gpu.OclgrindTests}" || { head -n 60 "$work/log"; exit 1; }
if [ -s "$work/log" ]; then
    head -n 60 "$work/log"
    echo "Oclgrind found $(grep -c -i 'race\|invalid' "$work/log") faults."
    exit 1
fi
echo "Oclgrind: no data race, no access outside a buffer."
