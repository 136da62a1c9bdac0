#!/usr/bin/env bash
# Runs Experiments/slurm/init-variance.sbatch under a real Slurm: a private cluster of this one machine, two array tasks, then a merge.
# Needs root and Debian's packages (installed if missing) and a Release build. Takes about a minute; CI leaves it out.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
packages=(slurmctld slurmd slurm-client munge)
program=$root/Experiments/bin/Release/net10.0/NativeNN.Experiments.dll
test -f "$program" || { echo "no $program; first: dotnet build -c Release"; exit 2; }
test "$(id -u)" = 0 || { echo "starting munge and slurm daemons needs root"; exit 2; }
dpkg -s "${packages[@]}" >/dev/null 2>&1 \
    || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends "${packages[@]}" >/dev/null; }

work=$(mktemp -d)
chmod 755 "$work" # munge's user passes through
stop() {
    local status=$? pid
    for pid in slurmd slurmctld munge/munged; do
        if test -s "$work/$pid.pid"; then kill "$(cat "$work/$pid.pid")" 2>/dev/null || true; fi
    done
    test "$status" = 0 || tail -n 20 "$work"/*.log "$work"/out/*.log 2>/dev/null || true
    sleep 1
    rm -rf "$work"
    exit "$status"
}
trap stop EXIT
fail() { echo "FAILED: $*"; exit 1; }

# ---- a cluster of one node -------------------------------------------------------------------------------------------------------
install -d -o munge -m 755 "$work/munge"
install -o munge -m 400 <(head -c 128 /dev/urandom) "$work/munge/key"
runuser -u munge -- munged --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/munged.pid" \
    --log-file="$work/munge/munged.log" --seed-file="$work/munge/seed"
munge --socket="$work/munge/socket" -n | unmunge --socket="$work/munge/socket" | grep -q Success || fail "munge does not answer"

name=$(hostname -s)
mkdir "$work/state" "$work/spool" "$work/out"
cat >"$work/slurm.conf" <<CONF
ClusterName=local
SlurmctldHost=$name(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
SlurmctldPort=16817
SlurmdPort=16818
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
NodeName=$name NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
slurmctld
slurmd
for _ in $(seq 30); do
    sinfo -h -o %T 2>/dev/null | grep -q idle && break
    sleep 1
done
sinfo -h -o %T | grep -q idle || fail "the node did not become idle: $(sinfo -h -o '%T %E')"

# ---- a small data set: the first images of MNIST ---------------------------------------------------------------------------------
# An IDX file is a magic number, the sizes as big-endian 32-bit numbers, then the bytes.
size() { printf "\\x00\\x00\\x$(printf %02x $(($1 / 256)))\\x$(printf %02x $(($1 % 256)))"; }
mnist=$root/Experiments/Data/mnist
mkdir "$work/data"
first() { tail -c +"$2" "$1" | head -c "$3" || true; } # head leaves tail with a broken pipe
for part in train:2000 t10k:500; do
    set=${part%:*} count=${part#*:}
    for kind in images-idx3 labels-idx1; do
        zcat "$mnist/$set-$kind-ubyte.gz" >"$work/$set-$kind"
    done
    { printf '\x00\x00\x08\x03'; size "$count"; size 28; size 28; first "$work/$set-images-idx3" 17 $((count * 784)); } >"$work/data/$set-images-idx3-ubyte"
    { printf '\x00\x00\x08\x01'; size "$count"; first "$work/$set-labels-idx1" 9 "$count"; } >"$work/data/$set-labels-idx1-ubyte"
done

# ---- the array, twice, and the merge ---------------------------------------------------------------------------------------------
export NATIVENN=$program NATIVENN_OUT=$work/out
options=(--data "$work/data" --epochs 1 --points "0,12,24")
array=(--wait --array=0-1 --cpus-per-task=1 --mem=500 --output="$work/out/%a.log")
sbatch "${array[@]}" Experiments/slurm/init-variance.sbatch "${options[@]}" || fail "the array job failed"
checkpoints=$work/out/init-variance/checkpoints
test "$(ls "$checkpoints" | wc -l)" = 6 || fail "expected 3 points and 3 standard initialisers, got: $(ls "$checkpoints")"
for task in 0 1; do
    grep -q "shard $task/2: 3 trainings done" "$work/out/$task.log" || fail "task $task did not train its three"
done

before=$(cd "$checkpoints" && sha256sum *)
sbatch "${array[@]}" Experiments/slurm/init-variance.sbatch "${options[@]}" || fail "the second array job failed"
test "$before" = "$(cd "$checkpoints" && sha256sum *)" || fail "finished points were trained again"

dotnet "$program" init-variance --merge --data "$work/data" --out "$work/out" >"$work/out/merge.log" || fail "merge"
for figure in accuracy learned-weights start-scales; do
    test -s "$work/out/init-variance/figures/$figure.png" || fail "merge drew no $figure"
done
test "$(grep -c '"test_accuracy"' "$work/out/init-variance/metrics.json")" = 6 || fail "metrics.json does not hold six trainings of one epoch"

echo "passed: two array tasks under $(sinfo --version), resubmitted, merged"
