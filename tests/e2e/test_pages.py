# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see: pages in a real browser, with and without script, on a phone, dark, in both languages."""

import base64
import json
import math
import os
import shlex
import struct
import subprocess
import wave
from pathlib import Path

from common import ServerTest, client, numbers, seconds, unittest, wait_until
from support.chromium import Chromium, find_chromium

PAGE = ("-H", "Accept: text/html,*/*;q=0.8", "-H", "Sec-Fetch-Dest: document", "-A", "Mozilla/5.0")
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
MANY = 12_000  # more than a page sorts

# TEST_AXE: axe.min.js of the npm package axe-core. It is not a Debian package, so without it that test is skipped:
#   npm pack axe-core && tar xf axe-core-*.tgz && TEST_AXE=$PWD/package/axe.min.js ctest -R e2e_pages
AXE = os.environ.get("TEST_AXE")


def tone(path, seconds_long):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(22050)
        period = b"".join(struct.pack("<h", int(9000 * math.sin(i * math.tau / 50))) for i in range(50))
        out.writeframes(period * (22050 * seconds_long // 50))


class PagesTest(ServerTest):
    @classmethod
    def fill(cls):
        (cls.pub / "10 things.txt").write_text("ten\n" * 10)
        (cls.pub / "2 things.txt").write_text("two <b>bold</b> & more\n")
        (cls.pub / "sub").mkdir()
        (cls.pub / "sub" / "Übung.txt").write_text("x")
        (cls.pub / "evil.html").write_text("<script>document.title = 'run'; fetch('/s/pub/')</script><p>evil</p>")
        (cls.pub / "evil.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "run"</script></svg>')
        (cls.pub / "pixel.png").write_bytes(PIXEL)
        (cls.priv / "note.txt").write_text("first line\n" + "<script>document.title = 'run'</script>\n" * 20_000)
        (cls.priv / "pixel.png").write_bytes(PIXEL)
        (cls.priv / "tree").mkdir()
        (cls.priv / "tree" / "deep.txt").write_text("deep")
        tone(cls.priv / "tone.wav", 120)
        many = cls.base / "many"
        many.mkdir()
        for number in range(MANY):
            (many / f"file-{number}.bin").touch()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.command_of_class("share", "add", "many", cls.base / "many", "--public")

    @classmethod
    def command_of_class(cls, *words):
        code, _, err = cls.server.command(*words, timeout=seconds(60))
        assert code == 0, err

    def link(self, path, *options):
        return self.command("link", "create", path, *options)

    def with_password(self, password, path):
        done = subprocess.run([self.server.binary, "link", "create", path, "--password-stdin", "--data", self.data, "--json"],
                              input=password + "\n", capture_output=True, text=True, timeout=seconds(60))
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def downloads(self, link):
        return self.command("link", "show", link["id"])["downloads"]


class WithPrograms(PagesTest):
    def curl(self, url, *options):
        code, out, err = client("curl", "-sS", "-w", "\n%{http_code}", *options, url)
        self.assertEqual(code, 0, err)
        body, _, status = out.rpartition("\n")
        return int(status), body

    def test_page_or_bytes(self):
        link = self.link("priv/tree/deep.txt", "--note", "here you are")
        status, page = self.curl(link["url"], *PAGE)
        self.assertEqual(status, 200)
        self.assertIn("here you are", page)
        self.assertIn("curl -fOJ", page)
        self.assertEqual(self.downloads(link), 0)
        for options in ((), ("-r", "0-"), ("-A", "Mozilla/5.0")):
            self.assertEqual(self.curl(link["url"], *options)[1], "deep")
        self.assertEqual(self.curl(link["url"] + "&dl", *PAGE)[1], "deep")
        wait_until(lambda: self.downloads(link) == 1, seconds(30))

    def test_a_chat_gets_title_and_size(self):
        link = self.link("priv/pixel.png")
        status, page = self.curl(link["url"], "-A", "WhatsApp/2.23")
        self.assertEqual(status, 200)
        self.assertIn('og:title" content="pixel.png"', page)
        picture = page.split('og:image" content="')[1].split('"')[0]
        code, out, _ = client("curl", "-sS", "-o", self.base / "preview.png", "-w", "%{http_code} %{content_type}", picture)
        self.assertEqual((code, out), (0, "200 image/png"))
        self.assertTrue((self.base / "preview.png").read_bytes().startswith(b"\x89PNG"))
        self.assertEqual(self.downloads(link), 0)

    def test_the_checksum_is_shown_when_it_is_known(self):
        link = self.link("priv/pixel.png")
        wait_until(lambda: 'id="sha256"' in self.curl(link["url"], *PAGE)[1], seconds(60))

    def test_a_folder_of_many_comes_at_once_and_whole(self):
        connection = self.connect()
        connection.ask("/s/many/", "Accept: text/html")
        self.assertEqual(connection.head().status, 200)
        answer = self.get("/s/many/", "Accept: text/html")
        self.assertEqual(answer.status, 200)
        page = answer.body.decode()
        self.assertEqual(page.count('href="./file-'), MANY)
        self.assertIn(f"{MANY} files", page)


@unittest.skipUnless(find_chromium(), "no chromium here")
class InABrowser(PagesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Chromium(timeout=seconds(60))
        cls.addClassCleanup(cls.browser.close)

    def page(self, **options):
        page = self.browser.page(**options)
        self.addCleanup(page.close)
        return page

    def opened(self, path, **options):
        page = self.page(**options)
        page.goto(path if path.startswith("http") else self.server.url + path)
        return page

    def assert_own(self, page):
        """No request left for another host, and the policy had nothing to refuse."""
        for url in page.requests:
            self.assertTrue(url.startswith((self.server.url, "about:", "chrome-extension:", "blob:", "data:")), url)
        self.assertEqual(page.problems, [])

    def names(self, page):
        return page.run("[...document.querySelectorAll('.list tbody tr:not([hidden]) bdi')].map(n => n.textContent)")

    def test_a_folder_is_sorted_and_filtered(self):
        page = self.opened("/s/pub/")
        order = ["sub", "2 things.txt", "10 things.txt", "evil.html", "evil.svg", "pixel.png", "small.txt"]
        self.assertEqual(self.names(page), order)
        page.click(".list th:nth-child(1) a")
        self.assertEqual(self.names(page), [order[0], *reversed(order[1:])])
        page.click(".list th:nth-child(2) a")
        by_size = self.names(page)
        self.assertIn("?sort=-size", page.run("location.href"))
        page.load(lambda: page.call("Page.reload"))
        self.assertEqual(self.names(page), by_size, "the server sorts as the script does")
        self.assertEqual(page.run("document.querySelector('[aria-sort]').textContent"), "Size")
        page.press("/")
        page.type("THINGS")
        self.assertEqual(sorted(self.names(page)), ["10 things.txt", "2 things.txt"])
        self.assertEqual(page.text("#count"), "2 / 7")
        page.press("ArrowDown")
        self.assertIn("things", page.run("document.activeElement.textContent"))
        page.click("#filter")
        page.run("document.getElementById('filter').focus()")
        page.press("Escape")
        self.assertEqual(len(self.names(page)), 7)
        self.assert_own(page)

    def test_keys_lead_through_a_folder(self):
        page = self.opened("/s/pub/")
        page.press("ArrowDown")
        page.press("ArrowDown")
        self.assertEqual(page.run("document.activeElement.querySelector('bdi').textContent"), "2 things.txt")
        page.press("ArrowUp")
        page.load(lambda: page.press("Enter"))
        self.assertEqual(self.names(page), ["Übung.txt"])
        self.assertEqual(page.text(".crumbs"), "pub")
        page.follow(".crumbs a")
        self.assertEqual(len(self.names(page)), 7)

    def test_without_script(self):
        page = self.opened("/s/pub/?sort=-name&q=things", script=False)
        html = page.call("DOM.getOuterHTML", {"nodeId": page.call("DOM.getDocument")["root"]["nodeId"]})["outerHTML"]
        self.assertLess(html.index("./10%20things.txt"), html.index("./2%20things.txt"))
        self.assertNotIn("pixel.png", html)
        link = self.link("priv/pixel.png")
        page = self.opened(link["url"], script=False)
        html = page.call("DOM.getOuterHTML", {"nodeId": page.call("DOM.getDocument")["root"]["nodeId"]})["outerHTML"]
        self.assertIn('id="download"', html)
        self.assertTrue(any("dl=inline" in url for url in page.requests), "the picture is shown")

    def test_tiles(self):
        page = self.opened("/s/pub/?view=tiles")
        page.wait("document.querySelector('.tile img[src*=pixel]').naturalWidth === 1")
        self.assert_own(page)

    def test_a_text_is_shown_as_text(self):
        link = self.link("priv/note.txt", "--note", "Read this")
        page = self.opened(link["url"])
        page.wait("!document.querySelector('pre.shown').hidden")
        shown = page.run("document.querySelector('pre.shown').textContent")
        self.assertTrue(shown.startswith("first line\n<script>"))
        self.assertEqual(len(shown), 256 << 10)
        self.assertNotEqual(page.run("document.title"), "run")
        self.assertIn("Read this", page.text())
        self.assert_own(page)

    def test_sound_is_fetched_when_it_is_played_and_can_be_sought(self):
        link = self.link("priv/tone.wav")
        page = self.opened(link["url"])
        self.assertEqual(self.downloads(link), 0)
        self.assertEqual([url for url in page.requests if "dl=inline" in url], [])
        page.run("document.querySelector('audio').play()")
        page.run("new Promise(done => { const a = document.querySelector('audio'); a.onseeked = done; a.currentTime = 100; })")
        page.wait("document.querySelector('audio').currentTime > 100")
        self.assertAlmostEqual(page.run("document.querySelector('audio').duration"), 120, delta=1)
        wait_until(lambda: self.downloads(link) == 1, seconds(30))
        self.assert_own(page)

    def test_a_video_plays_and_can_be_sought(self):
        page = self.opened("/s/pub/")
        page.run("""new Promise(async done => {
            const canvas = document.createElement('canvas');
            const pen = canvas.getContext('2d');
            const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: 'video/webm;codecs=vp8'});
            const parts = [];
            recorder.ondataavailable = (event) => parts.push(event.data);
            recorder.onstop = async () => {
                const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
                window.clip = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
                done();
            };
            recorder.start();
            for (let i = 0; i < 50; i++) {
                pen.fillStyle = `hsl(${i * 7} 80% 50%)`;
                pen.fillRect(0, 0, 300, 150);
                await new Promise((next) => setTimeout(next, 40));
            }
            recorder.stop();
        })""")
        (self.priv / "clip.webm").write_bytes(base64.b64decode(page.run("window.clip")))
        page = self.opened(self.link("priv/clip.webm")["url"])
        page.run("document.querySelector('video').play()")
        page.wait("document.querySelector('video').videoWidth === 300")
        page.run("new Promise(done => { const v = document.querySelector('video'); v.pause(); v.onseeked = done; v.currentTime = 0.5; })")
        self.assertAlmostEqual(page.run("document.querySelector('video').currentTime"), 0.5, delta=0.2)
        self.assert_own(page)

    def test_with_a_maximum_a_preview_waits_for_a_button(self):
        link = self.link("priv/pixel.png", "--max-downloads", "1")
        page = self.opened(link["url"])
        self.assertIn("1 download left", page.text())
        self.assertEqual(self.downloads(link), 0)
        page.follow("#preview a")
        page.wait("document.querySelector('img.shown').naturalWidth === 1")
        wait_until(lambda: self.downloads(link) == 1, seconds(30))
        # He who was counted goes on; the button has his name.
        address = page.run("document.getElementById('download').href")
        answer = self.get("/" + address.split("/", 3)[3])
        self.assertEqual((answer.status, answer.body), (200, PIXEL))
        self.assertEqual(self.downloads(link), 1)

    def test_the_lines_for_a_terminal_do_what_they_say(self):
        link = self.link("priv/tree/deep.txt", "--max-downloads", "1")
        page = self.opened(link["url"])
        page.click("[data-copy=curl]")
        page.wait("document.querySelector('[data-copy=curl]').textContent === 'Copied'")
        for name in ("curl", "get"):
            folder = self.base / f"terminal{next(numbers)}"
            folder.mkdir()
            line = page.run(f"document.getElementById('{name}').textContent")
            binary = shlex.quote(str(self.server.binary))
            line = line.replace("spillway get", f"{binary} get", 1) if name == "get" else line
            code, _, err = client("sh", "-c", line, cwd=folder)
            self.assertEqual(code, 0, err)
            self.assertEqual((folder / "deep.txt").read_text(), "deep", name)
            self.assertEqual(self.downloads(link), 1, "both are the one who read the page")

    def test_a_busy_server_says_when_it_tries_again(self):
        server = self.begin()
        self.command("mode", "set", "paused", server=server)
        page = self.page()
        page.goto(server.url + "/s/pub/small.txt")
        self.assertEqual((page.status(), page.text("h1")), (503, "Downloads are paused"))
        page.wait("document.querySelector('[data-retry]').textContent.includes('tries again by itself in')")
        self.command("mode", "set", "normal", server=server)
        page.follow("#retry")
        self.assertEqual(page.text().strip(), "hello, reader")

    def test_what_is_shared_runs_nothing_here(self):
        for name in ("evil.html", "evil.svg"):
            page = self.opened(f"/s/pub/{name}")
            self.assertNotEqual(page.run("document.title"), "run", name)
            self.assertEqual(page.run("self.origin"), "null", name)

    def test_a_password(self):
        link = self.with_password("correct horse", "priv/note.txt")
        page = self.opened(link["url"])
        self.assertEqual((page.status(), page.text("h1")), (403, "Password needed"))
        page.run("document.getElementById('secret').focus()")
        page.type("wrong")
        page.load(lambda: page.press("Enter"))
        self.assertEqual(page.text("[role=alert]"), "This is not the password.")
        page.run("document.getElementById('secret').focus()")
        page.type("correct horse")
        page.load(lambda: page.press("Enter"))
        self.assertEqual(page.text("h1"), "note.txt")

    def test_signing_in(self):
        token = self.command("token", "create", "reader")["token"]
        page = self.opened("/s/priv/")
        self.assertEqual((page.status(), page.text("h1")), (403, "Sign in"))
        page.run("document.getElementById('secret').focus()")
        page.type(token)
        page.load(lambda: page.press("Enter"))
        self.assertEqual(page.text("h1"), "priv")
        self.assertIn("tone.wav", self.names(page))
        page.follow("a[href='?signout']")
        page.follow(".button")
        self.assertEqual(page.text("h1"), "Sign in")

    def test_languages(self):
        page = self.opened("/s/pub/", language="zh-CN,zh;q=0.9")
        self.assertEqual(page.run("document.documentElement.lang"), "zh-Hans")
        self.assertIn("名称", page.text("thead"))
        page.follow("footer a")
        self.assertIn("Name", page.text("thead"))
        page.follow(".list .folder")
        self.assertIn("Name", page.text("thead"), "what was chosen stays")
        page = self.opened("/none", language="zh-CN")
        self.assertEqual((page.status(), page.text("h1")), (404, "这里没有内容"))

    def test_on_a_phone_nothing_is_wider_than_the_screen(self):
        link = self.link("priv/note.txt", "--note", "A rather long word: " + "x" * 200)
        for path in ("/", "/s/pub/", "/s/pub/?view=tiles", "/s/priv/", "/none", link["url"]):
            for width in (320, 360):
                page = self.opened(path, width=width, height=640)
                page.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
                self.assertLessEqual(page.run("document.documentElement.scrollWidth"), width, path)
                page.close()

    def test_a_phone_shows_dates_below_the_names(self):
        page = self.opened("/s/pub/", width=360, height=640)
        self.assertTrue(page.run("""[...document.querySelectorAll('.list tbody tr')].every(row => {
            const name = row.querySelector('a').getBoundingClientRect();
            const date = row.querySelector('time').getBoundingClientRect();
            return date.height > 0 && date.top >= name.bottom - 1 && date.bottom <= row.getBoundingClientRect().bottom + 1;
        })"""))

    def test_a_phone_sorts_by_name_size_and_date(self):
        for width in (320, 360):
            page = self.opened("/s/pub/", width=width, height=640)
            # Each heading is where a finger finds it, and leads to the server's own order where there is no script.
            self.assertEqual(page.run("""[...document.querySelectorAll('.list th a')].map(a => {
                const box = a.getBoundingClientRect();
                const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                return hit === a && new URL(a.href).searchParams.get('sort');
            })"""), ["-name", "-size", "-date"])
            page.click(".list th:nth-child(3) a")
            dates = page.run("[...document.querySelectorAll('.list tbody tr:not(:has(.folder)) time')].map(t => t.dateTime)")
            self.assertEqual(dates, sorted(dates, reverse=True))
            self.assertTrue(page.run("document.querySelector('.list th:nth-child(3)').ariaSort") == "descending")
            page.close()
        page = self.opened("/s/pub/?view=tiles", width=360, height=640)
        page.follow(".sorting li:nth-child(2) a")
        self.assertEqual(page.text(".sorting .down"), "Size")
        self.assertTrue(page.run("document.querySelector('.tiles') !== null"), "still tiles")

    def test_who_goes_to_the_archive_makes_the_server_begin(self):
        page = self.opened("/s/pub/")
        archives = f"performance.getEntriesByType('resource').filter(r => r.name === '{self.server.url}/s/pub/?zip')"
        self.assertEqual(page.run(archives + ".length"), 0)
        page.run("document.querySelector('.bar > a.primary').focus()")
        page.wait(archives + ".length === 1")
        self.assert_own(page)

    def test_dark_is_dark(self):
        for dark in (False, True):
            page = self.opened("/s/pub/", dark=dark)
            red = page.run("Number(/\\d+/.exec(getComputedStyle(document.body).backgroundColor)[0])")
            self.assertEqual(red < 128, dark)

    def test_the_first_visit_is_small(self):
        link = self.link("priv/pixel.png")
        for path in ("/s/pub/", link["url"]):
            page = self.opened(path)
            page.wait("document.readyState === 'complete'")
            self.assertLess(page.received, 30 << 10)
            self.assertGreater(page.received, 5 << 10)

    @unittest.skipUnless(AXE, "TEST_AXE names no axe.min.js")
    def test_axe_finds_nothing_serious(self):
        source = Path(AXE).read_text()
        links = [self.link("priv/note.txt", "--note", "x", "--max-downloads", "3"), self.link("priv/pixel.png"),
                 self.link("priv/tone.wav")]
        paths = ["/", "/s/pub/", "/s/pub/?view=tiles", "/s/priv/", "/none", *(link["url"] for link in links)]
        for path in paths:
            for dark in (False, True):
                page = self.opened(path, dark=dark)
                page.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
                page.run(source + "; true")
                found = page.run("axe.run().then(r => r.violations.map(v => [v.impact, v.id, v.nodes[0].html]))")
                self.assertEqual([v for v in found if v[0] in ("serious", "critical", "moderate")], [], path)
                page.close()


if __name__ == "__main__":
    unittest.main()
