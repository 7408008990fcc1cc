// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/mediatype.h"
#include "tests/server/body/testfolder.h"

#include <thread>
#include <vector>

namespace spillway::body {

namespace {

TEST(MediaTypes, ByName)
{
    MediaTypes types;
    struct Row
    {
        const char* name;
        const char* type;
    };
    for (const Row& row : {
             Row{"a.txt", "text/plain"},
             Row{"A.TXT", "text/plain"},
             Row{"page.html", "text/html"},
             Row{"photo.v2.jpg", "image/jpeg"},
             Row{"movie.mp4", "video/mp4"},
             Row{"a.pdf", "application/pdf"},
             Row{"a.png", "image/png"},
             Row{"x.js", "text/javascript"},
             Row{"a.json", "application/json"},
             Row{"dir.html/a.png", "image/png"},
             Row{"a.unknown-thing", "application/octet-stream"},
             Row{"", "application/octet-stream"},
             Row{".", "application/octet-stream"},
             Row{"a.", "application/octet-stream"},
             Row{".html", "application/octet-stream"},
             Row{"noextension", "application/octet-stream"},
             Row{"\xff\xfe.txt", "text/plain"},
             Row{"a.\xff\xfe", "application/octet-stream"},
         })
        EXPECT_EQ(types.forName(row.name), row.type) << row.name;
    EXPECT_NE(types.forName("a.tar.gz"), types.forName("a.gz"));
    EXPECT_NE(types.forName("a.tar.gz"), "application/octet-stream");
    EXPECT_EQ(types.forName(std::string(300, 'x') + ".txt"), "text/plain");
    EXPECT_EQ(types.forName("a." + std::string(300, 'x')), "application/octet-stream");
}

TEST(MediaTypes, AsksTheDatabaseOncePerExtension)
{
    MediaTypes types;
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(types.forName("file" + std::to_string(i) + ".png"), "image/png");
    EXPECT_EQ(types.lookups(), 1U);
    EXPECT_EQ(types.overflows(), 0U);
}

TEST(MediaTypes, ForgetsAtItsBound)
{
    MediaTypes types(3);
    for (const char* name : {"a.png", "a.txt", "a.pdf"})
        (void)types.forName(name);
    EXPECT_EQ(types.overflows(), 0U);
    EXPECT_EQ(types.forName("a.zip"), "application/zip");
    EXPECT_EQ(types.overflows(), 1U);
    EXPECT_EQ(types.forName("a.png"), "image/png");
    EXPECT_EQ(types.lookups(), 5U);
}

TEST(MediaTypes, FromSeveralThreads)
{
    MediaTypes types(4);
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            const char* names[] = {"a.png", "a.txt", "a.pdf", "a.zip", "a.html", "a.mp4"};
            const char* expected[] = {"image/png",       "text/plain", "application/pdf",
                                      "application/zip", "text/html",  "video/mp4"};
            for (std::size_t i = 0; i < 600; ++i)
                if (types.forName(names[(i + static_cast<std::size_t>(t)) % 6]) !=
                    expected[(i + static_cast<std::size_t>(t)) % 6])
                    ++wrong;
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST(WithCharset, Table)
{
    using namespace std::string_literals;
    struct Row
    {
        const char* type;
        std::string begin;
        bool more;
        const char* expected;
    };
    for (const Row& row : {
             Row{"text/plain", "plain", false, "text/plain; charset=utf-8"},
             Row{"text/plain", "", false, "text/plain; charset=utf-8"},
             Row{"text/plain", "gr\xc3\xbc\xc3\x9f", false, "text/plain; charset=utf-8"},
             Row{"text/plain", "gr\xfc\xdf", false, "text/plain"},
             Row{"text/plain", "gr\xc3", false, "text/plain"},
             Row{"text/plain", "gr\xc3", true, "text/plain; charset=utf-8"},
             Row{"text/plain", "\xe6\x97", true, "text/plain; charset=utf-8"},
             Row{"text/plain", "\x80", true, "text/plain"},
             Row{"text/plain",
                 "\xff\xfe"
                 "a\0"s,
                 false, "text/plain"},
             Row{"text/plain", "a\0b\0"s, false, "text/plain"},
             Row{"text/html", "<p>hi", false, "text/html; charset=utf-8"},
             Row{"text/html", "<META Charset=iso-8859-1>", false, "text/html"},
             Row{"application/xml", "<?xml version='1.0' encoding='utf-16'?>", false, "application/xml"},
             Row{"application/xml", "<a/>", false, "application/xml; charset=utf-8"},
             Row{"image/png", "\x89PNG", false, "image/png"},
             Row{"application/octet-stream", "text", false, "application/octet-stream"},
         })
        EXPECT_EQ(withCharset(row.type, row.begin, row.more), row.expected) << row.type << ' ' << row.begin;
}

TEST(MediaTypes, OfAnOpenFile)
{
    TestFolder folder;
    MediaTypes types;
    const auto typeOf = [&](const char* name, const std::string& bytes) {
        folder.file(name, bytes);
        const UniqueFd fd(::open(folder.path(name).c_str(), O_RDONLY | O_CLOEXEC));
        return types.forFile(name, fd.get());
    };
    EXPECT_EQ(typeOf("a.txt", "text"), "text/plain; charset=utf-8");
    EXPECT_EQ(typeOf("cut.txt", std::string(4095, 'a') + "\xc3\xbc"), "text/plain; charset=utf-8");
    EXPECT_EQ(typeOf("latin.txt", std::string(4095, 'a') + "\xfc"), "text/plain");
    EXPECT_EQ(typeOf("late.txt", std::string(4096, 'a') + "\xfc"), "text/plain; charset=utf-8");
    EXPECT_EQ(typeOf("unknown", "<script>alert(1)</script>"), "application/octet-stream"); // never sniffed
    EXPECT_EQ(types.forFile("closed.txt", -1), "text/plain");
}

} // namespace

} // namespace spillway::body
