#!/usr/bin/env python3
"""Signals, closed pipes and terminals: the exit codes of docs/command.md."""

import glob
import os
import pty
import signal
import subprocess
import time

import cli


def start_extract(*words):
    """An extract that waits for standard input after it has printed its first lines."""
    return subprocess.Popen([cli.CRAWLCARD, "extract", *words, "-"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_stop_signals(_):
    with open(os.path.join(cli.SAMPLE, "pages.warc.gz"), "rb") as file:
        data = file.read()
    for number, code in ((signal.SIGTERM, 75), (signal.SIGUSR1, 75), (signal.SIGINT, 130)):
        process = start_extract()
        process.stdin.write(data[: len(data) // 2])
        process.stdin.flush()
        time.sleep(0.3)
        process.send_signal(number)
        try:
            _, err = process.communicate(data[len(data) // 2 :], timeout=30)
        except BrokenPipeError:
            err = process.stderr.read()
        cli.equal(process.returncode, code, f"exit after {number}")
        cli.contains(err.decode(), "stopped with work left")


def test_a_closed_pipe_is_no_error(_):
    files = sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz"))) * 8
    process = subprocess.Popen([cli.CRAWLCARD, "extract", *files], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    cli.equal(process.wait(timeout=60), 0, "exit")
    cli.equal(err, b"", "standard error")


def test_text_on_a_terminal_json_elsewhere(scratch):
    path = os.path.join(scratch, "robots.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write("User-agent: *\nDisallow: /a\n")
    cli.contains(cli.run("robots", path, "/", expect=0).out, '"schema":"crawlcard.robots.v1"')
    master, terminal = pty.openpty()
    done = subprocess.run([cli.CRAWLCARD, "robots", path, "/"], stdout=terminal, check=False,
                          timeout=30)
    os.close(terminal)
    text = os.read(master, 4096).decode()
    os.close(master)
    cli.equal(done.returncode, 0, "exit")
    assert text.startswith("allow"), text


def test_a_full_disk_is_said(_):
    if not os.path.exists("/dev/full"):
        return
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([cli.CRAWLCARD, "config", "--man"], stdout=full, check=False,
                              stderr=subprocess.PIPE, timeout=30)
    cli.equal(done.returncode, 70, "exit")
    cli.contains(done.stderr.decode(), "cannot write to standard output")


if __name__ == "__main__":
    cli.main(globals())
