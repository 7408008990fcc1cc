// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/httpanswer.h"

#include <gtest/gtest.h>

namespace spillway::admin {
namespace {

using State = HttpAnswer::State;

/// In pieces of `size` bytes.
HttpAnswer fed(const QByteArray& bytes, qsizetype size, bool ends = false)
{
    HttpAnswer answer;
    answer.begin();
    for (qsizetype at = 0; at < bytes.size(); at += size)
        answer.feed(bytes.mid(at, size));
    if (ends)
        answer.ended();
    return answer;
}

struct Case
{
    const char* name;
    const char* bytes;
    bool ends;
    State state;
    int status;
    const char* body;
    bool keepsAlive;
};

class Answers : public testing::TestWithParam<Case>
{
};

const Case kCases[] = {
    {"Length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, State::Done, 200, "hello", true},
    {"Close", "HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length:5\r\n\r\nhello", false, State::Done,
     200, "hello", false},
    {"Empty", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false, State::Done, 404, "", true},
    {"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", false, State::Done, 204, "", true},
    {"Interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", false,
     State::Done, 200, "x", true},
    {"Chunks",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
     false, State::Done, 200, "abc0123456789", true},
    {"Trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n", false,
     State::Done, 200, "x", true},
    {"ToTheEnd", "HTTP/1.1 200 OK\r\n\r\nall of it", true, State::Done, 200, "all of it", false},
    {"Cut", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", true, State::Bad, 200, "hell", false},
    {"CutChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell", true, State::Bad, 200,
     "hell", false},
    {"More", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1", false, State::Bad, 200, "x", false},
    {"BothFramings", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx", false,
     State::Bad, 0, "", false},
    {"TwoLengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", false, State::Bad, 0,
     "", false},
    {"BadLength", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", false, State::Bad, 0, "", false},
    {"HugeLength", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", false, State::Bad, 0, "",
     false},
    {"BadChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", false, State::Bad, 200, "",
     false},
    {"NegativeChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", false, State::Bad, 200,
     "", false},
    {"NoHttp", "SSH-2.0-OpenSSH_9.2\r\n\r\n", false, State::Bad, 0, "", false},
    {"OldHttp", "HTTP/1.0 200 OK\r\n\r\n", false, State::Bad, 0, "", false},
    {"NoName", "HTTP/1.1 200 OK\r\n: x\r\n\r\n", false, State::Bad, 0, "", false},
};

INSTANTIATE_TEST_SUITE_P(All, Answers, testing::ValuesIn(kCases),
                         [](const auto& one) { return one.param.name; });

TEST_P(Answers, ReadInPiecesOfAnySize)
{
    const Case& wanted = GetParam();
    for (const qsizetype size : {qsizetype{1}, qsizetype{2}, qsizetype{7}, qsizetype{4096}}) {
        const HttpAnswer answer = fed(wanted.bytes, size, wanted.ends);
        EXPECT_EQ(answer.state(), wanted.state) << size;
        EXPECT_EQ(answer.keepsAlive(), wanted.keepsAlive) << size;
        if (wanted.state != State::Done)
            continue;
        EXPECT_EQ(answer.status(), wanted.status) << size;
        EXPECT_EQ(answer.body(), wanted.body) << size;
    }
}

TEST(HttpAnswer, AHeadWithoutEndIsBounded)
{
    HttpAnswer answer;
    answer.begin();
    answer.feed("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 3000 && answer.state() == State::Head; ++i)
        answer.feed("X-Padding: 0123456789012345678901234567890123456789\r\n");
    EXPECT_EQ(answer.state(), State::Bad);
}

TEST(HttpAnswer, OneAfterTheOtherAndAStreamPieceByPiece)
{
    HttpAnswer answer;
    QByteArray seen;
    answer.begin([&seen](const QByteArray& piece) { seen += piece; });
    answer.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab");
    EXPECT_EQ(seen, "ab");
    answer.feed("c\r\n2\r\nde\r\n");
    EXPECT_EQ(seen, "abcde");
    EXPECT_EQ(answer.state(), State::Body);
    EXPECT_TRUE(answer.body().isEmpty());
    answer.feed("0\r\n\r\n");
    EXPECT_EQ(answer.state(), State::Done);
    answer.begin();
    EXPECT_FALSE(answer.begun());
    answer.feed("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(answer.status(), 500);
    answer.feed("x");
    EXPECT_EQ(answer.state(), State::Bad) << "nobody asked for more";
}

} // namespace
} // namespace spillway::admin
