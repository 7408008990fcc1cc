// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/multirange.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <random>
#include <sys/mman.h>
#include <unistd.h>

namespace spillway::body {

namespace {

using net::Segment;

/// A file in memory; prepare is not asked here.
class PlainFile final : public net::FileSource
{
public:
    explicit PlainFile(const std::string& bytes) : fd_(::memfd_create("plain", MFD_CLOEXEC))
    {
        EXPECT_EQ(::write(fd_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }
    ~PlainFile() override { ::close(fd_); }
    [[nodiscard]] int fd() const noexcept override { return fd_; }
    [[nodiscard]] Window prepare(std::uint64_t, std::uint64_t length, std::function<void()>) override
    {
        return {net::WindowState::Ready, length};
    }

private:
    int fd_;
};

std::string read(std::span<const Segment> segments)
{
    std::string bytes;
    for (const Segment& segment : segments) {
        EXPECT_GT(segment.length, 0U);
        std::string part(segment.length, '\0');
        if (segment.file) {
            EXPECT_EQ(
                ::pread(segment.file->fd(), part.data(), part.size(), static_cast<off_t>(segment.offset)),
                static_cast<ssize_t>(part.size()));
        } else {
            part.assign(segment.data, segment.length);
        }
        bytes += part;
    }
    return bytes;
}

TEST(Slice, Edges)
{
    const auto file = std::make_shared<PlainFile>("0123456789");
    const std::vector<Segment> segments{Segment::memory("abc"), Segment::memory(""),
                                        Segment::fileRange(file, 2, 5),
                                        Segment::memory("xyz")}; // abc 23456 xyz
    struct Row
    {
        std::uint64_t first, last;
        const char* expected;
        std::size_t pieces;
    };
    constexpr std::uint64_t most = UINT64_MAX;
    for (const Row& row :
         {Row{0, 10, "abc23456xyz", 3}, Row{0, 0, "a", 1}, Row{2, 2, "c", 1}, Row{2, 3, "c2", 2},
          Row{3, 3, "2", 1}, Row{3, 7, "23456", 1}, Row{4, 6, "345", 1}, Row{7, 8, "6x", 2},
          Row{10, 10, "z", 1}, Row{10, most, "z", 1}, Row{0, most, "abc23456xyz", 3}, Row{11, 11, "", 0},
          Row{11, most, "", 0}, Row{5, 4, "", 0}, Row{most, most, "", 0}}) {
        const auto cut = slice(segments, row.first, row.last);
        EXPECT_EQ(read(cut), row.expected) << row.first << '-' << row.last;
        EXPECT_EQ(cut.size(), row.pieces) << row.first << '-' << row.last;
    }
    EXPECT_TRUE(slice({}, 0, most).empty());
}

TEST(Slice, IsTheSubstringOfTheWhole)
{
    std::mt19937 random(7);
    const auto below = [&random](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    std::string content(200, '\0');
    for (char& byte : content)
        byte = static_cast<char>('a' + below(26));
    const auto file = std::make_shared<PlainFile>(content);
    for (int round = 0; round < 500; ++round) {
        std::vector<Segment> segments;
        std::string whole;
        for (std::size_t count = below(8); count > 0; --count) {
            const std::size_t offset = below(100);
            const std::size_t length = below(20);
            const std::string piece = content.substr(offset, length);
            whole += piece;
            segments.push_back(below(2) == 0 ? Segment::memory(piece)
                                             : Segment::fileRange(file, offset, length));
        }
        EXPECT_EQ(totalLength(segments), whole.size());
        for (int i = 0; i < 20; ++i) {
            const std::size_t first = below(whole.size() + 3);
            const std::size_t last = below(whole.size() + 3);
            const std::string expected =
                first > last || first >= whole.size() ? std::string() : whole.substr(first, last - first + 1);
            const auto cut = slice(segments, first, last);
            ASSERT_EQ(read(cut), expected);
            ASSERT_EQ(totalLength(cut), expected.size());
            if (!cut.empty()) { // a slice of a slice is a slice
                const std::size_t inner = below(expected.size());
                ASSERT_EQ(read(slice(cut, inner, expected.size())), expected.substr(inner));
            }
        }
    }
}

TEST(Slice, KeepsMemoryAliveByItself)
{
    std::vector<Segment> cut;
    {
        const std::vector<Segment> segments{Segment::memory(std::string(1000, 'm'))};
        cut = slice(segments, 500, 509);
    }
    EXPECT_EQ(read(cut), "mmmmmmmmmm");
}

TEST(RangesBody, OneRangeIsPlain)
{
    const auto file = std::make_shared<PlainFile>("0123456789");
    const std::vector<Segment> whole{Segment::fileRange(file, 0, 10)};
    const http::ByteRange range{3, 5};
    const SegmentedBody body = rangesBody(whole, {&range, 1}, {"B", "text/plain", 10});
    EXPECT_EQ(read(body.segments), "345");
    EXPECT_EQ(body.length, 3U);
}

TEST(RangesBody, SeveralAreMultipart)
{
    const auto file = std::make_shared<PlainFile>("0123456789");
    const std::vector<Segment> whole{Segment::fileRange(file, 0, 10)};
    const std::vector<http::ByteRange> ranges{{0, 1}, {9, 9}, {4, 6}}; // in the order of the request
    const http::MultipartForm form{"B", "text/plain", 10};
    const SegmentedBody body = rangesBody(whole, ranges, form);
    EXPECT_EQ(read(body.segments),
              "--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n01"
              "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 9-9/10\r\n\r\n9"
              "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 4-6/10\r\n\r\n456"
              "\r\n--B--\r\n");
    EXPECT_EQ(body.length, read(body.segments).size());
    EXPECT_EQ(body.length, http::multipartLength(form, ranges));
}

TEST(RangesBody, NoRanges)
{
    const SegmentedBody body = rangesBody({}, {}, {"B", "text/plain", 0});
    EXPECT_TRUE(body.segments.empty());
    EXPECT_EQ(body.length, 0U);
}

} // namespace

} // namespace spillway::body
