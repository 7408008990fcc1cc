# SPDX-License-Identifier: GPL-3.0-or-later
"""Headless Chromium, driven over its own pipe (the DevTools protocol), so that nothing but Debian's package is needed."""

import base64
import contextlib
import fcntl
import itertools
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path


def find_chromium():
    """The program, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _pipe():
    """A pipe whose ends are above 9, so that neither is in the way where a child's are put."""
    ends = os.pipe()
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in ends]
    for fd in ends:
        os.close(fd)
    return high


class ChromiumError(RuntimeError):
    """It answered with an error, or not in time."""


class Chromium:
    """One browser for many pages; each page has cookies and cache of its own. A context manager."""

    def __init__(self, timeout=60.0):
        self.timeout = timeout
        self.profile = tempfile.mkdtemp(prefix="spillway-chromium-")
        self._numbers = itertools.count(1)
        self._answers = {}
        self._pages = {}
        self._lock = threading.Lock()
        # Chromium reads commands from descriptor 3 and writes to 4.
        commands, write = _pipe()
        read, answers = _pipe()

        def prepare():
            os.dup2(commands, 3, inheritable=True)
            os.dup2(answers, 4, inheritable=True)

        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [find_chromium(), "--headless=new", *sandbox, "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
             "--autoplay-policy=no-user-gesture-required", "--proxy-server=direct://", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=prepare,
            close_fds=False, start_new_session=True)
        os.close(commands)
        os.close(answers)
        self._write, self._read = os.fdopen(write, "wb", buffering=0), os.fdopen(read, "rb", buffering=0)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        with contextlib.suppress(ChromiumError, OSError):
            self.call("Browser.close", timeout=5)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)  # the group is its own: start_new_session
            self.process.wait()
        self._listener.join(10)  # the pipe has ended
        self._write.close()
        self._read.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, params=None, session=None, timeout=None):
        number = next(self._numbers)
        answer = queue.Queue()
        with self._lock:
            self._answers[number] = answer
        message = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        self._write.write(json.dumps(message).encode() + b"\0")
        try:
            result = answer.get(timeout=timeout or self.timeout)
        except queue.Empty:
            raise ChromiumError(f"no answer to {method}") from None
        if "error" in result:
            raise ChromiumError(f"{method}: {result['error']}")
        return result["result"]

    def _listen(self):
        rest = b""
        while chunk := self._read.read(1 << 16):
            *whole, rest = (rest + chunk).split(b"\0")
            for text in whole:
                message = json.loads(text)
                if "id" in message:
                    with self._lock:
                        answer = self._answers.pop(message["id"], None)
                    if answer:
                        answer.put(message)
                elif page := self._pages.get(message.get("sessionId")):
                    page._heard(message["method"], message["params"])

    def page(self, **options):
        return Page(self, **options)


class Page:
    """One page. `requests` and `problems` (what the console says of errors, CSP among them) grow as it lives."""

    def __init__(self, browser, *, width=1280, height=800, dark=False, language="en-US", script=True):
        self.browser = browser
        self.requests, self.problems, self.received = [], [], 0
        self._loads = 0
        self._changed = threading.Condition()
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", {"url": "about:blank", "browserContextId": self.context})["targetId"]
        self.session = browser.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        browser._pages[self.session] = self
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1,
                                                         "mobile": width < 600})
        self.call("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme",
                                                               "value": "dark" if dark else "light"}]})
        self.call("Emulation.setTimezoneOverride", {"timezoneId": "UTC"})
        agent = browser.call("Browser.getVersion")["userAgent"].replace("Headless", "")
        self.call("Network.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": language})
        self.call("Emulation.setScriptExecutionDisabled", {"value": not script})

    def close(self):
        with contextlib.suppress(ChromiumError):
            self.browser.call("Target.disposeBrowserContext", {"browserContextId": self.context})
        self.browser._pages.pop(self.session, None)

    def call(self, method, params=None):
        return self.browser.call(method, params, self.session)

    def _heard(self, method, params):
        with self._changed:
            if method == "Page.loadEventFired":
                self._loads += 1
            elif method == "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            elif method == "Network.loadingFinished":
                self.received += int(params["encodedDataLength"])
            elif method == "Runtime.exceptionThrown":
                self.problems.append(params["exceptionDetails"].get("exception", {}).get("description", "exception"))
            elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
                self.problems.append(params["entry"]["text"] + " " + params["entry"].get("url", ""))
            self._changed.notify_all()

    def load(self, action):
        """Does `action` and waits for the page that it leads to."""
        with self._changed:
            before = self._loads
        result = action()
        with self._changed:
            if not self._changed.wait_for(lambda: self._loads > before, self.browser.timeout):
                raise ChromiumError("the page did not load")
        return result

    def goto(self, url):
        """Opens an address; the status is in `status()`."""
        self.load(lambda: self.call("Page.navigate", {"url": url}))

    def run(self, expression):
        """The value of an expression of JavaScript, run as if a person had just clicked; a promise is waited for."""
        answer = self.call("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True,
                                                "userGesture": True})
        if "exceptionDetails" in answer:
            raise ChromiumError(answer["exceptionDetails"].get("exception", {}).get("description", "exception"))
        return answer["result"].get("value")

    def status(self):
        return self.run("performance.getEntriesByType('navigation')[0].responseStatus")

    def wait(self, expression, timeout=None):
        """Until the expression is true."""
        end = time.monotonic() + (timeout or self.browser.timeout)
        while not (value := self.run(expression)):
            if time.monotonic() > end:
                raise ChromiumError(f"it never became true: {expression}")
            time.sleep(0.05)
        return value

    def text(self, selector="body"):
        return self.run(f"document.querySelector({json.dumps(selector)}).innerText")

    def click(self, selector):
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def follow(self, selector):
        self.load(lambda: self.click(selector))

    def press(self, key):
        codes = {"ArrowDown": 40, "ArrowUp": 38, "Enter": 13, "Escape": 27, "Tab": 9}
        common = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0].upper()))}
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else None)
        self.call("Input.dispatchKeyEvent", {"type": "keyDown", **common, **({"text": text} if text else {})})
        self.call("Input.dispatchKeyEvent", {"type": "keyUp", **common})

    def type(self, text):
        self.call("Input.insertText", {"text": text})

    def screenshot(self, path, whole=False):
        shot = self.call("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole})
        Path(path).write_bytes(base64.b64decode(shot["data"]))
