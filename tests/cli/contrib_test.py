#!/usr/bin/env python3
"""contrib/: what Spark, Kubernetes and AWS Batch would start, started here; their files, read."""

import importlib.util
import json
import os
import signal
import subprocess

import cli
import worker_files

try:
    import yaml
except ImportError:
    yaml = None

CONTRIB = os.path.join(cli.ROOT, "contrib")
COMMAND_ROOT = "/opt/crawlcard/contrib/"


def run_worker(command, variables, stdin=b""):
    """What an engine starts in its container, with the paths of this machine."""
    path = command.replace(COMMAND_ROOT, CONTRIB + "/")
    done = subprocess.run([path], input=stdin, capture_output=True, timeout=100, check=False,
                          env=worker_files.environment({"CRAWLCARD": cli.CRAWLCARD} | variables))
    return cli.Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


class PipedLines:
    """What facts.py uses of an RDD: pipe() starts a process a slice and gives its lines."""

    def __init__(self, slices):
        self.slices = slices

    def filter(self, keep):
        return PipedLines([[line for line in each if keep(line)] for each in self.slices])

    def repartition(self, count):
        lines = sum(self.slices, [])
        return PipedLines([lines[i::count] for i in range(count)])

    def pipe(self, command, env, checkCode):  # names as in Spark
        out = []
        for lines in self.slices:
            stdin = "".join(line + "\n" for line in lines).encode()
            done = run_worker(command, env, stdin)
            if checkCode and done.code != 0:
                raise RuntimeError(f"Pipe function `{command}` exited with error code {done.code}")
            out.append(done.out.splitlines())
        return PipedLines(out)


class Context:
    def textFile(self, path):
        with open(path, encoding="utf-8") as file:
            return PipedLines([file.read().splitlines() + [""]])


def test_spark_pipes_paths_into_lines_of_facts(scratch):
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), 7)
    wanted = sorted(cli.run("extract", *paths, expect=0).out.splitlines())
    spec = importlib.util.spec_from_file_location("facts", os.path.join(CONTRIB, "spark/facts.py"))
    spark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(spark)
    os.environ["CRAWLCARD"] = cli.CRAWLCARD
    worker = os.path.join(CONTRIB, "spark/worker.sh")
    for slices in (1, 3, 16):
        lines = sum(spark.facts(Context(), listing, slices, worker).slices, [])
        cli.equal(sorted(lines) == wanted, True, f"{slices} slices")
    json.loads(wanted[0])


def test_spark_says_damage_and_goes_on_unless_strict(scratch):
    _, paths = worker_files.cut_sample(os.path.join(scratch, "in"), 2)
    worker = os.path.join(CONTRIB, "spark/worker.sh")
    stdin = f"nonesuch.warc.gz\n{paths[1]}\n".encode()
    some = run_worker(worker, {}, stdin)
    cli.equal(some.code, 0, "exit")
    cli.contains(some.err, "nonesuch.warc.gz")
    cli.equal(some.out, cli.run("extract", paths[1], expect=0).out, "the other file")
    cli.equal(run_worker(worker, {"STRICT": "1"}, stdin).code, 3, "strict")


def check_build(scratch, shards, worker, merge, rank_of, given):
    """Runs a worker for each rank as the files say, in any order and some twice, then the merge."""
    listing, _ = worker_files.cut_sample(os.path.join(scratch, "in"), 7)
    whole = os.path.join(scratch, "whole")
    cli.run("ingest", "--index", whole, "@" + listing, expect=0)
    here = {"LISTING": listing, "BASE": "", "WORK": os.path.join(scratch, "work"),
            "SCRATCH": os.path.join(scratch, "local")}
    assert set(here) <= set(given(worker)), given(worker)
    variables = given(worker) | here
    cli.equal(variables["SHARDS"], str(shards), "SHARDS")
    for rank in list(range(shards))[::-1] + [1]:
        done = run_worker(worker["command"], variables | rank_of(rank))
        assert done.code == 0, done.err
        cli.contains(done.out, f'"part-{rank:05}-of-{shards:05}","published":true')
    jobs = os.listdir(os.path.join(scratch, "local"))
    cli.equal([os.listdir(os.path.join(scratch, "local", job)) for job in jobs], [[]], "scratch")
    worker_files.check_merge(lambda: run_worker(merge["command"], given(merge) | here),
                             os.path.join(scratch, "work"), shards, whole)


def test_kubernetes_runs_a_worker_an_index_and_then_the_merge(scratch):
    if yaml is None:
        print("SKIPPED in part: no python3-yaml, contrib/kubernetes was not read")
        return
    jobs = {}
    for name in ("ingest", "merge"):
        with open(os.path.join(CONTRIB, f"kubernetes/{name}.yaml"), encoding="utf-8") as file:
            jobs[name] = yaml.safe_load(file)
        cli.equal((jobs[name]["apiVersion"], jobs[name]["kind"]), ("batch/v1", "Job"), name)
        pod = jobs[name]["spec"]["template"]["spec"]
        # A Job allows no Always; a pod failure policy allows Never only.
        cli.equal(pod["restartPolicy"], "Never", "restartPolicy")
        mounted = {mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
        cli.equal(mounted, {volume["name"] for volume in pod["volumes"]}, "volumes")
    spec = jobs["ingest"]["spec"]
    cli.equal(spec["completionMode"], "Indexed", "completionMode")
    # backoffLimitPerIndex and FailIndex belong together; exit codes are sorted, unique, not 0.
    assert spec["backoffLimitPerIndex"] >= 1 and spec["maxFailedIndexes"] <= spec["completions"]
    container = spec["template"]["spec"]["containers"][0]
    actions = {}
    for rule in spec["podFailurePolicy"]["rules"]:
        assert rule["action"] in ("FailJob", "FailIndex", "Ignore", "Count"), rule
        codes = rule.get("onExitCodes")
        if codes is None:
            cli.equal(rule["onPodConditions"][0]["type"], "DisruptionTarget", "condition")
            continue
        cli.equal((codes["containerName"], codes["operator"]), (container["name"], "In"), "rule")
        actions |= {code: rule["action"] for code in codes["values"]}
    cli.equal(actions, {75: "Ignore", 2: "FailJob", 3: "FailIndex"}, "exit codes")

    def given(container):
        return {each["name"]: each["value"] for each in container["env"]}

    container["command"] = container["command"][0]
    merge = jobs["merge"]["spec"]["template"]["spec"]["containers"][0]
    merge["command"] = merge["command"][0]
    check_build(scratch, spec["completions"], container, merge,
                lambda rank: {"JOB_COMPLETION_INDEX": str(rank)}, given)


def test_aws_batch_runs_a_worker_a_child_and_then_the_merge(scratch):
    def read(name):
        with open(os.path.join(CONTRIB, f"aws-batch/{name}.json"), encoding="utf-8") as file:
            return json.load(file)

    definition, ingest, merge = read("job-definition"), read("submit-ingest"), read("submit-merge")
    properties = definition["containerProperties"]
    cli.equal(definition["type"], "container", "type")
    cli.equal({ingest["jobDefinition"], merge["jobDefinition"]}, {definition["jobDefinitionName"]},
              "job definition")
    retry = definition["retryStrategy"]
    assert 1 <= retry["attempts"] <= 10 and len(retry["evaluateOnExit"]) <= 5
    codes = {each["onExitCode"] for each in retry["evaluateOnExit"] if "onExitCode" in each}
    cli.equal(codes, {"70", "75", "137"}, "codes that are tried again")
    cli.equal(retry["evaluateOnExit"][-1], {"onReason": "*", "action": "EXIT"}, "the rest")
    cli.equal({each["sourceVolume"] for each in properties["mountPoints"]},
              {each["name"] for each in properties["volumes"]}, "volumes")
    size = ingest["arrayProperties"]["size"]
    assert 2 <= size <= 10_000
    cli.equal(merge["dependsOn"], [{"jobId": "INGEST_JOB_ID"}], "dependsOn")

    def given(job):
        both = properties["environment"] + job["containerOverrides"]["environment"]
        return {each["name"]: each["value"] for each in both}

    ingest["command"] = properties["command"][0]
    merge["command"] = merge["containerOverrides"]["command"][0]
    check_build(scratch, size, ingest, merge,
                lambda rank: {"AWS_BATCH_JOB_ARRAY_INDEX": str(rank),
                              "AWS_BATCH_JOB_ID": f"j1:{rank}"}, given)


def test_a_worker_says_whether_another_try_may_help(scratch):
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), 4)
    given = {"LISTING": listing, "WORK": os.path.join(scratch, "work"), "SHARDS": "2",
             "SCRATCH": os.path.join(scratch, "local"), "JOB_COMPLETION_INDEX": "0"}
    worker = COMMAND_ROOT + "worker.sh"
    cli.equal(run_worker(worker, given | {"INGEST_FLAGS": "--nonesuch"}).code, 2, "usage")
    cli.equal(run_worker(worker, given | {"JOB_COMPLETION_INDEX": "2"}).code, 2, "a rank too far")
    with open(paths[2], "rb") as file:
        data = file.read()
    with open(paths[2], "wb") as file:
        file.write(data[:-100])
    os.rename(paths[0], paths[0] + ".away")
    cli.equal(run_worker(worker, given).code, 3, "a file failed")
    os.rename(paths[0] + ".away", paths[0])
    cli.equal(run_worker(worker, given).code, 0, "damage is published")
    merge = run_worker(COMMAND_ROOT + "merge.sh", given)
    cli.equal(merge.code, 1, "a part is missing")
    cli.contains(merge.err, "part-00001-of-00002 is missing: send shard 1 again")
    none = run_worker(COMMAND_ROOT + "merge.sh", given | {"SHARDS": "3"})
    cli.equal((none.code, none.err.count("is missing")), (1, 3), "each is named")


def test_a_signal_to_the_worker_script_reaches_the_command(scratch):
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), 2)
    given = {"LISTING": listing, "WORK": os.path.join(scratch, "work"), "SHARDS": "1",
             "SCRATCH": os.path.join(scratch, "local"), "SHARD": "0/1"}
    with open(paths[0], "rb") as file:
        data = file.read()
    for number in (signal.SIGUSR1, signal.SIGTERM):
        os.unlink(paths[0])
        os.mkfifo(paths[0])
        script = subprocess.Popen(
            [os.path.join(CONTRIB, "worker.sh")], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=worker_files.environment({"CRAWLCARD": cli.CRAWLCARD} | given))
        with script:
            worker_files.signal_within(paths[0], data, script, number)
            err = script.communicate()[1].decode()
        cli.equal(script.returncode, 75, f"exit after {number!r}")
        cli.contains(err, "(0 of 2 files done, 2 left)")
    os.unlink(paths[0])
    with open(paths[0], "wb") as file:
        file.write(data)
    cli.equal(run_worker(COMMAND_ROOT + "worker.sh", given).code, 0, "started again")


if __name__ == "__main__":
    cli.main(globals())
