"""Chromium without a screen, driven over the DevTools protocol through a pipe.

No socket is opened and no library is needed: the protocol is JSON, each message
ended by a NUL, on the browser's file descriptors 3 and 4.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
    "--disable-dev-shm-usage", "--font-render-hinting=none", "--force-color-profile=srgb",
)
KEYS = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "ArrowLeft": 37, "ArrowRight": 39, "Tab": 9}


class BrowserError(Exception):
    """The browser did not do what it was asked for."""


def find() -> str | None:
    """The browser that is installed, if one is."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


class Browser:
    """A browser with one page, which remembers all that went wrong in it."""

    def __init__(self, program: str) -> None:
        self.profile = tempfile.mkdtemp(prefix="repot-page-")
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()
        flags = list(FLAGS) + ([] if os.geteuid() else ["--no-sandbox"])
        command = [program, *flags, f"--user-data-dir={self.profile}", "about:blank"]
        redirect = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self.process = subprocess.Popen(
            ["bash", "-c", redirect, "bash", *command], pass_fds=(to_browser, from_browser), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.received, self.answers = 0, b"", {}
        self.errors: list[str] = []
        self.requests: list[str] = []
        target = self.call("Target.createTarget", session=None, url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", session=None, targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        # The session that was started for the browser holds its children too.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.writer)
        os.close(self.reader)
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method: str, session: str | None = "", timeout: float = 120, **parameters: Any) -> dict[str, Any]:
        """Calls a method of the protocol and waits for its answer."""
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.writer, data):]
        end = time.monotonic() + timeout
        while number not in self.answers:
            self.receive(end - time.monotonic(), method)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def receive(self, seconds: float, waiting_for: str) -> None:
        """Takes in what the browser has to say."""
        if seconds <= 0 or not select.select([self.reader], [], [], seconds)[0]:
            raise BrowserError(f"{waiting_for}: no answer")
        part = os.read(self.reader, 1 << 20)
        if not part:
            raise BrowserError(f"{waiting_for}: the browser is gone")
        *messages, self.received = (self.received + part).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answers[message["id"]] = message
            else:
                self.note(message.get("method"), message.get("params", {}))

    def note(self, method: str | None, parameters: dict[str, Any]) -> None:
        """Remembers what went wrong, and what was asked of the network."""
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled":
            self.errors.append(f"console: {[argument.get('value') for argument in parameters['args']]}")
        elif method == "Log.entryAdded":
            self.errors.append(f"log: {parameters['entry']['text']}")
        elif method == "Page.javascriptDialogOpening":
            self.errors.append(f"dialog: {parameters['message']}")
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserError(f"{script}: {details.get('exception', {}).get('description', details['text'])}")
        return result["result"].get("value")

    def until(self, script: str, seconds: float = 20) -> float:
        """Waits until an expression holds, and says how many seconds that took."""
        start = time.monotonic()
        while not self.run(f"Boolean({script})"):
            if time.monotonic() - start > seconds:
                raise BrowserError(f"does not come true within {seconds:.0f} s: {script}")
            time.sleep(0.02)
        return time.monotonic() - start

    def settle(self) -> None:
        """Waits until what was asked for is drawn."""
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))))")

    def open(self, path: Path, address: str = "", width: int = 1440, height: int = 900) -> float:
        """Opens a page from its file, and says after how many seconds it could be used."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url="about:blank")
        self.requests.clear()
        start = time.monotonic()
        self.call("Page.navigate", url=path.resolve().as_uri() + address)
        self.until("document.documentElement?.dataset.ready === 'true'", 15)
        taken = time.monotonic() - start
        self.settle()
        return taken

    def press(self, key: str, modifiers: int = 0) -> None:
        """Presses a key, as a person would."""
        event = {"key": key, "modifiers": modifiers}
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        event |= {"windowsVirtualKeyCode": KEYS[key]} if key in KEYS else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **event, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)
        self.settle()

    def type(self, text: str) -> None:
        """Types text where the cursor stands."""
        self.call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Clicks in the middle of an element."""
        place = self.run(f"(() => {{ const node = document.querySelector({json.dumps(selector)}); if (!node) return null;"
                         " node.scrollIntoView({block: 'nearest'}); const box = node.getClientRects()[0];"
                         " return [box.x + Math.min(box.width / 2, 120), box.y + box.height / 2]; })()")
        if place is None:
            raise BrowserError(f"there is no {selector}")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
        self.settle()

    def emulate(self, **features: str) -> None:
        """What the system prefers, as in `prefers_color_scheme="dark"`."""
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", features=listed)

    def shot(self, path: Path) -> None:
        """What is seen, as a PNG."""
        self.settle()
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def print(self) -> bytes:
        """The page on paper, as a PDF."""
        return base64.b64decode(self.call("Page.printToPDF")["data"])
