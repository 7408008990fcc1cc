# SPDX-License-Identifier: GPL-3.0-or-later
"""The helpers must be right, or what stands on them proves nothing."""

import os
import select
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import procfs  # noqa: E402
from support.process import Process, ProcessError, free_port, run, temp_folder  # noqa: E402


def python(code):
    return [sys.executable, "-c", code]


def gone(pid):
    """Whether no process has that pid, or only one that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


class ProcessTest(unittest.TestCase):
    def test_a_ready_line_is_found_on_the_stream_it_was_asked_of(self):
        code = "import sys, time; print('port 1', file=sys.stderr); print('port 2', flush=True); time.sleep(60)"
        with Process(python(code)) as child:
            self.assertEqual(child.wait_line(r"port (\d)", tag="out").group(1), "2")
            self.assertEqual(child.wait_line(r"port (\d)", tag="err").group(1), "1")

    def test_leaving_the_block_ends_the_child(self):
        with Process(python("import time; time.sleep(60)")) as child:
            pid = child.pid
            self.assertTrue(child.alive())
        self.assertTrue(gone(pid))

    def test_leaving_the_block_by_an_exception_ends_the_child(self):
        with self.assertRaises(KeyError):
            with Process(python("import time; time.sleep(60)")) as child:
                raise KeyError
        self.assertTrue(gone(child.pid))

    def test_one_that_ignores_sigterm_is_killed(self):
        code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
        child = Process(python(code))
        child.wait_line("up")
        self.assertEqual(child.stop(grace=0.2), -9)

    def test_a_child_that_ends_early_is_an_error_with_its_last_words(self):
        child = Process(python("import sys; print('no such folder', file=sys.stderr); sys.exit(3)"))
        with self.assertRaises(ProcessError) as caught:
            child.wait_line("ready")
        self.assertIn("no such folder", str(caught.exception))
        self.assertIn("ended with 3", str(caught.exception))

    def test_a_silent_child_is_an_error_when_time_runs_out(self):
        with Process(python("import time; time.sleep(60)")) as child:
            with self.assertRaises(ProcessError):
                child.wait_line("ready", timeout=0.05)

    def test_a_line_is_found_after_more_lines_than_are_kept(self):
        code = "import time\nfor i in range(12345): print('line', i)\nprint('ready 7', flush=True); time.sleep(60)"
        with Process(python(code)) as child:
            self.assertEqual(child.wait_line(r"^ready (\d)").group(1), "7")
            self.assertLessEqual(len(child.lines), 10000)

    def test_wait_port(self):
        code = "import socket, time; s = socket.create_server(('127.0.0.1', {})); time.sleep(60)"
        port = free_port()
        with Process(python(code.format(port))) as child:
            child.wait_port(port)
            socket.create_connection(("127.0.0.1", port)).close()

    def test_children_die_with_their_parent_even_if_it_is_killed(self):
        code = (f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parents[1])!r})\n"
                "from support.process import Process\n"
                "child = Process([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
                "print(child.pid, flush=True)\n"
                "import time; time.sleep(60)")
        with Process(python(code)) as parent:
            pid = int(parent.wait_line(r"^(\d+)$").group(1))
            parent.signal(9)
            parent.wait(10)
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        self.assertTrue(select.select([descriptor], [], [], 10)[0], "it still runs")
        os.close(descriptor)

    def test_run_gives_code_and_both_streams(self):
        code, out, err = run(python("import sys; print('a'); print('b', file=sys.stderr); sys.exit(2)"))
        self.assertEqual((code, out, err), (2, "a", "b"))

    def test_run_kills_what_takes_too_long(self):
        with self.assertRaises(ProcessError):
            run(python("import time; time.sleep(60)"), timeout=0.2)

    def test_pinning(self):
        cpu = min(os.sched_getaffinity(0))
        code, out, _ = run(python("import os; print(os.sched_getaffinity(0))"), cpus={cpu})
        self.assertEqual((code, out), (0, f"{{{cpu}}}"))

    def test_temp_folder_goes_away(self):
        with temp_folder() as folder:
            (folder / "deep").mkdir()
            (folder / "deep" / "file").write_text("x")
        self.assertFalse(folder.exists())


class ProcfsTest(unittest.TestCase):
    def test_cpu_time_of_another_process_grows_with_its_work(self):
        code = ("import time\nwhile time.process_time() < 0.2: pass\nprint('worked', flush=True)\ntime.sleep(60)")
        with Process(python(code)) as child:
            child.wait_line("worked")
            self.assertGreaterEqual(procfs.cpu_seconds([child.pid]), 0.2)

    def test_descendants_are_the_whole_tree(self):
        code = ("import subprocess, sys, time\n"
                "child = subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.read()'], stdin=subprocess.PIPE)\n"
                "print(child.pid, flush=True)\ntime.sleep(60)")
        with Process(python(code)) as parent:
            grandchild = int(parent.wait_line(r"^(\d+)$").group(1))
            self.assertEqual(procfs.descendants(parent.pid), [parent.pid, grandchild])

    def test_memory_and_descriptors_of_this_process(self):
        memory = procfs.memory_kib([os.getpid()])
        self.assertGreater(memory["pss"], 1000)
        self.assertGreaterEqual(memory["rss"], memory["pss"])
        before = procfs.open_descriptors(os.getpid())
        with open("/dev/null", encoding="ascii"):
            self.assertEqual(procfs.open_descriptors(os.getpid()), before + 1)

    def test_the_peak_starts_anew(self):
        pid = os.getpid()
        block = bytearray(64 << 20)
        del block
        procfs.reset_peak(pid)
        before = procfs.status_kib(pid, "VmHWM")
        block = bytearray(os.urandom(1 << 20) * 32)
        self.assertGreater(procfs.status_kib(pid, "VmHWM") - before, 30 << 10)
        del block
        with self.assertRaises(KeyError):
            procfs.status_kib(pid, "VmNonsense")

    def test_kernel_memory_is_there(self):
        self.assertGreater(procfs.kernel_memory_kib()["slab"], 0)


if __name__ == "__main__":
    unittest.main()
