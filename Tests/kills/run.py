#!/usr/bin/env python3
"""Kills runs of every lecture at random moments (SIGKILL, SIGINT, SIGTERM), resumes them, and compares what they end with to runs that were
left alone. Needs a Release build and a Unix. Usage: Tests/kills/run.py [KILLS PER LECTURE] [SEED]. CI leaves it out."""
import gzip, json, os, random, shutil, signal, struct, subprocess, sys, tempfile, time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PROGRAM = os.environ.get("NATIVENN", os.path.join(ROOT, "Experiments/bin/Release/net10.0/NativeNN.Experiments.dll"))
LECTURES = {  # epochs that take a few seconds with 3,000 images
    "weight-histograms": ["--epochs", "6"],
    "weight-distributions": ["--epochs", "4"],
    "init-variance": ["--epochs", "2", "--points", "0,6,12,18,24", "--threads", "2"],
    "weight-changes": ["--epochs", "30"],
    "weight-init": ["--epochs", "1"],
}


def small_data(folder):
    """The first images of MNIST as IDX files: a magic number, the sizes as big-endian numbers, then the bytes."""
    for part, count in (("train", 3000), ("t10k", 500)):
        for kind, magic, item in (("images-idx3", 0x803, 784), ("labels-idx1", 0x801, 1)):
            with gzip.open(os.path.join(ROOT, "Experiments/Data/mnist", f"{part}-{kind}-ubyte.gz")) as file:
                content = file.read()
            start = 16 if item > 1 else 8
            sizes = (count, 28, 28) if item > 1 else (count,)
            with open(os.path.join(folder, f"{part}-{kind}-ubyte"), "wb") as file:
                file.write(struct.pack(f">I{len(sizes)}I", magic, *sizes) + content[start:start + count * item])


def training(path):
    """What a checkpoint holds, without the seconds."""
    with open(path, "rb") as file:
        content = file.read()
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + length])
    notes = header.pop("__metadata__")
    recording = json.loads(notes["recording"])
    for epoch in recording["Epochs"]:
        epoch.pop("Seconds")
    recording["Series"].pop("condition-seconds", None)
    return header, content[8 + length:], recording, notes["record"], notes["start"]


def state(out, lecture):
    folder = os.path.join(out, lecture, "checkpoints")
    return {name: training(os.path.join(folder, name)) for name in sorted(os.listdir(folder)) if name.endswith(".safetensors")}


def command(lecture, data, out):
    return ["dotnet", PROGRAM, lecture, "--data", data, "--out", out, "--format", "none", "--resume", *LECTURES[lecture]]


def main():
    kills_each, seed = (int(a) for a in (sys.argv[1:] + ["40", "1"][len(sys.argv) - 1:]))
    random.seed(seed)
    work = tempfile.mkdtemp()
    data = os.path.join(work, "data")
    os.mkdir(data)
    small_data(data)
    kills, ends, rivals, faults = {s: 0 for s in ("SIGKILL", "SIGINT", "SIGTERM")}, 0, 0, []
    for lecture in LECTURES:
        began = time.time()
        subprocess.run(command(lecture, data, os.path.join(work, "whole")), check=True, stdout=subprocess.DEVNULL)
        duration, whole = time.time() - began, state(os.path.join(work, "whole"), lecture)
        done, out = 0, os.path.join(work, "parts")
        while done < kills_each or os.path.exists(out):
            run = subprocess.Popen(command(lecture, data, out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            name, rival = random.choice(list(kills)), None
            try:
                run.wait(random.uniform(0.1, duration) if done < kills_each else None)
            except subprocess.TimeoutExpired:
                if random.random() < 0.2 and os.path.exists(os.path.join(out, lecture, ".lock")):
                    rival = subprocess.run(command(lecture, data, out), capture_output=True, text=True)
                    rivals += 1
                run.send_signal(getattr(signal, name))
            output, error = run.communicate()
            if rival and not (rival.returncode == 2 and "another run" in rival.stderr and rival.stderr.count("\n") == 1
                              or run.returncode == 0):
                faults.append(f"{lecture}: a second run ended with {rival.returncode}: {rival.stderr}")
            expected = {"SIGKILL": -signal.SIGKILL, "SIGINT": 130, "SIGTERM": 143}[name]
            if run.returncode == expected or run.returncode == -getattr(signal, name):  # a signal before there is a handler
                kills[name] += 1
                done += 1
            elif run.returncode != 0:
                faults.append(f"{lecture}: {name}, exit code {run.returncode}")
            if error.count("\n") > 1 or "   at " in error or "Unhandled" in error:
                faults.append(f"{lecture}: {name}: {error}")
            if run.returncode == 0:
                ends += 1
                if state(out, lecture) != whole:
                    faults.append(f"{lecture}: other bits than a run that was left alone")
                left = [f for _, _, files in os.walk(out) for f in files if f.endswith((".tmp", ".lock"))]
                if left:
                    faults.append(f"{lecture}: left {left}")
                shutil.rmtree(out)
        print(f"{lecture}: {done} kills", flush=True)
    shutil.rmtree(work)
    print(f"{sum(kills.values())} kills ({kills}), {ends} runs to the end and compared, {rivals} second runs on the same folder, "
          f"{len(faults)} faults")
    print("\n".join(faults))
    return 1 if faults else 0


sys.exit(main())
