// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/accesslog.h"

#include "manualclock.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class AccessLogTest : public testing::Test
{
protected:
    void SetUp() override
    {
        std::string name = testing::TempDir() + "spillway-log-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        path_ = name + "/access.log";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::unique_ptr<AccessLog> openLog(AccessFormat format = AccessFormat::Combined,
                                                     std::size_t workers = 1,
                                                     std::size_t ringBytes = 1U << 16U)
    {
        auto log = AccessLog::open(
            {.path = path_, .format = format, .workers = workers, .ringBytes = ringBytes}, clock_);
        EXPECT_TRUE(log);
        return std::move(*log);
    }
    [[nodiscard]] static std::string read(const std::string& path)
    {
        std::ifstream file(path);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    [[nodiscard]] static std::size_t lines(const std::string& text)
    {
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }

    ManualClock clock_;
    std::filesystem::path folder_;
    std::string path_;
};

AccessRecord sample()
{
    AccessRecord record;
    record.time = fromUnixSeconds(1'760'103'336) + 45ms;
    record.peer.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7};
    record.peer.port = 50123;
    record.method = "GET";
    record.target = "/s/pub/a.bin?dl";
    record.status = 200;
    record.bytesSent = 1024;
    record.duration = 1500us;
    record.userAgent = "curl/8";
    record.requestId = 0xabcdef;
    return record;
}

std::string format(AccessFormat format, const AccessRecord& record)
{
    AccessFormatter formatter(format, &redactTarget);
    std::string line;
    formatter.append(line, record);
    return line;
}

TEST(AccessFormat, Combined)
{
    EXPECT_EQ(format(AccessFormat::Combined, sample()),
              "192.0.2.7 - - [10/Oct/2025:13:35:36 +0000] \"GET /s/pub/a.bin?dl HTTP/1.1\" 200 1024 \"-\" "
              "\"curl/8\"\n");
}

TEST(AccessFormat, Json)
{
    AccessRecord record = sample();
    record.minorVersion = 0;
    record.share = "pub";
    EXPECT_EQ(
        format(AccessFormat::Json, record),
        "{\"time\":\"2025-10-10T13:35:36.045Z\",\"client\":\"192.0.2.7\",\"port\":50123,\"method\":\"GET\","
        "\"target\":\"/s/pub/a.bin?dl\",\"protocol\":\"HTTP/1.0\",\"status\":200,\"bytes\":1024,"
        "\"duration_us\":1500,\"user_agent\":\"curl/8\",\"share\":\"pub\","
        "\"request_id\":\"0000000000abcdef\"}\n");
}

TEST(AccessFormat, AClientBehindAProxyHasItsProxyBesideIt)
{
    AccessRecord record = sample();
    record.client = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
    EXPECT_THAT(format(AccessFormat::Json, record),
                HasSubstr("\"client\":\"2001:db8::7\",\"peer\":\"192.0.2.7\",\"port\":50123,"));
    const std::string combined = format(AccessFormat::Combined, record);
    EXPECT_THAT(combined, testing::StartsWith("2001:db8::7 - - ["));
    EXPECT_THAT(combined, testing::EndsWith("\"curl/8\" \"192.0.2.7\"\n"));
}

TEST(AccessFormat, NothingAClientSendsBreaksTheLine)
{
    const std::string hostile = "x\" 200 1\n192.0.2.9 - - \"\r\x1b[2J\xff\\\xc2\x9b";
    AccessRecord record = sample();
    record.method = hostile;
    record.target = hostile;
    record.userAgent = hostile;
    record.referer = hostile;
    record.share = hostile;
    record.link = hostile;
    for (const AccessFormat kind : {AccessFormat::Combined, AccessFormat::Json}) {
        const std::string line = format(kind, record);
        EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
        EXPECT_EQ(line.back(), '\n');
        for (const char c : line.substr(0, line.size() - 1)) {
            ASSERT_GE(c, ' ');
            ASSERT_LT(c, 0x7f);
        }
    }
    const std::string combined = format(AccessFormat::Combined, record);
    EXPECT_EQ(std::count(combined.begin(), combined.end(), '"'), 6) << combined;
}

TEST(AccessFormat, SecretsAreHiddenInTargetAndReferer)
{
    AccessRecord record = sample();
    record.target = "/d/1/a?k=2&s=SECRET";
    record.referer = "https://x/d/1/a?token=SECRET";
    for (const AccessFormat kind : {AccessFormat::Combined, AccessFormat::Json}) {
        const std::string line = format(kind, record);
        EXPECT_THAT(line, Not(HasSubstr("SECRET")));
        EXPECT_THAT(line, HasSubstr("s=***"));
        EXPECT_THAT(line, HasSubstr("token=***"));
    }
}

TEST(AccessFormat, AddressesAndEmptyFields)
{
    AccessRecord record = sample();
    record.peer.bytes = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
    record.userAgent = {};
    record.truncated = true;
    const std::string line = format(AccessFormat::Combined, record);
    EXPECT_THAT(line, testing::StartsWith("2001:db8::7 - - ["));
    EXPECT_THAT(line, testing::EndsWith("a.bin?dl... HTTP/1.1\" 200 1024 \"-\" \"-\"\n"));
}

TEST(AccessFormat, TimesBefore1970AreStillTimes)
{
    AccessRecord record = sample();
    record.time = fromUnixSeconds(-1) + 500ms;
    EXPECT_THAT(format(AccessFormat::Json, record), HasSubstr("\"1969-12-31T23:59:59.500Z\""));
}

TEST_F(AccessLogTest, WritesEverythingBeforeItCloses)
{
    auto log = openLog();
    for (int i = 0; i < 100; ++i)
        log->push(0, sample());
    log.reset();
    EXPECT_EQ(lines(read(path_)), 100U);
}

TEST_F(AccessLogTest, FlushReturnsWithTheLinesOnFile)
{
    auto log = openLog();
    for (int i = 1; i <= 50; ++i) {
        log->push(0, sample());
        log->flush();
        ASSERT_EQ(lines(read(path_)), static_cast<std::size_t>(i));
    }
    log->flush(); // with nothing to write
    EXPECT_EQ(log->written(), 50U);
    EXPECT_EQ(log->dropped(), 0U);
}

TEST_F(AccessLogTest, LinesAreWrittenWithoutAnyoneAsking)
{
    auto log = openLog();
    log->flush(); // the writer is past its start and goes to sleep
    log->push(0, sample());
    while (log->written() == 0)
        std::this_thread::yield();
    EXPECT_EQ(lines(read(path_)), 1U);
}

TEST_F(AccessLogTest, AppendsWithMode0600)
{
    std::ofstream(path_) << "earlier\n";
    std::filesystem::remove(path_);
    openLog()->push(0, sample());
    openLog()->push(0, sample());
    EXPECT_EQ(lines(read(path_)), 2U);
    struct stat status
    {
    };
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(AccessLogTest, APathThatCannotBeOpenedIsAnError)
{
    path_ = folder_ / "no" / "such" / "folder.log";
    const auto log = AccessLog::open({.path = path_}, clock_);
    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().code, ErrorCode::NotFound);
    EXPECT_THAT(log.error().message, HasSubstr(path_));
}

TEST_F(AccessLogTest, WorkersPushAtOnceAndBatchesAreFew)
{
    constexpr std::size_t workers = 4;
    constexpr int each = 20'000;
    auto log = openLog(AccessFormat::Json, workers, 1U << 20U);
    std::vector<std::thread> threads;
    for (std::size_t w = 0; w < workers; ++w)
        threads.emplace_back([&, w] {
            for (int i = 0; i < each; ++i) {
                AccessRecord record = sample();
                record.requestId = w * each + static_cast<std::size_t>(i);
                log->push(w, record);
            }
        });
    for (auto& thread : threads)
        thread.join();
    log->flush();
    const std::uint64_t dropped = log->dropped();
    const std::uint64_t writes = log->writes();
    log.reset();
    const std::string text = read(path_);
    EXPECT_EQ(lines(text) + dropped, workers * each);
    EXPECT_LT(writes, lines(text) / 100) << "a write carries many lines";
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        ASSERT_TRUE(line.starts_with("{\"time\"")) << line;
        ASSERT_TRUE(line.ends_with("\"}")) << line;
    }
}

TEST_F(AccessLogTest, ReopenFollowsARotation)
{
    auto log = openLog();
    log->push(0, sample());
    log->flush();
    std::filesystem::rename(path_, path_ + ".1");
    log->push(0, sample());
    log->flush();
    EXPECT_EQ(lines(read(path_ + ".1")), 2U) << "until it is told, it writes to the file it has";
    log->reopen();
    log->push(0, sample());
    log->flush();
    EXPECT_EQ(lines(read(path_ + ".1")), 2U);
    EXPECT_EQ(lines(read(path_)), 1U);
}

AccessLog* signalled = nullptr;

TEST_F(AccessLogTest, ReopenMayBeCalledFromASignalHandler)
{
    auto log = openLog();
    log->flush();
    std::filesystem::rename(path_, path_ + ".1");
    signalled = log.get();
    auto* before = std::signal(SIGUSR1, [](int) { signalled->reopen(); });
    ::raise(SIGUSR1);
    std::signal(SIGUSR1, before);
    log->flush();
    EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(AccessLogTest, AFailedReopenKeepsTheOldFileAndTriesAgain)
{
    const auto away = folder_.string() + "-away";
    auto log = openLog();
    std::filesystem::rename(folder_, away);
    log->reopen();
    log->push(0, sample());
    log->flush();
    EXPECT_EQ(log->openErrors(), 1U);
    EXPECT_EQ(lines(read(away + "/access.log")), 1U);

    std::filesystem::create_directory(folder_);
    log->push(0, sample());
    log->flush();
    EXPECT_FALSE(std::filesystem::exists(path_)) << "not more often than once a second";
    clock_.advance(1s);
    log->push(0, sample());
    log->flush();
    EXPECT_EQ(lines(read(path_)), 1U);
    log.reset();
    std::filesystem::remove_all(away);
}

TEST_F(AccessLogTest, AFullDiskIsCountedAndGotOver)
{
    // A file size limit makes write(2) fail just as a full disk does: first partly, then wholly.
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit tight = before;
    const std::string line = format(AccessFormat::Combined, sample());
    tight.rlim_cur = line.size() * 3 / 2; // one line and a half
    auto* handler = std::signal(SIGXFSZ, SIG_IGN);
    auto log = openLog();
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    log->push(0, sample());
    log->flush();
    log->push(0, sample()); // cut in the middle
    log->flush();
    log->push(0, sample()); // nothing of it fits
    log->flush();
    EXPECT_EQ(log->written(), 1U);
    EXPECT_EQ(log->dropped(), 2U);
    EXPECT_EQ(log->writeErrors(), 2U);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    log->push(0, sample());
    log->flush();
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(log->written(), 2U);
    const std::string text = read(path_);
    EXPECT_EQ(lines(text), 3U);
    EXPECT_TRUE(text.ends_with("\n" + line)) << "the next line does not join the one that was cut: " << text;
}

TEST_F(AccessLogTest, AFullRingDropsAndCounts)
{
    std::filesystem::path fifo = folder_ / "fifo";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    const UniqueFd reader(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK));
    path_ = fifo;
    auto log = openLog(AccessFormat::Combined, 1, 4096);
    // Nobody reads the FIFO: the writer blocks once 64 KiB are in it, and the worker still never waits.
    for (int i = 0; i < 5000; ++i)
        log->push(0, sample());
    EXPECT_GT(log->dropped(), 0U);
    std::thread drain([&] { // lets the writer end
        std::string buffer(65536, '\0');
        while (log->dropped() + log->written() < 5000)
            if (::read(reader.get(), buffer.data(), buffer.size()) <= 0)
                std::this_thread::yield();
    });
    log->flush();
    drain.join();
    EXPECT_EQ(log->dropped() + log->written(), 5000U);
}

TEST_F(AccessLogTest, SamplingWritesOneOfN)
{
    auto log = openLog();
    log->setSampling(10);
    for (int i = 0; i < 100; ++i)
        log->push(0, sample());
    log->setSampling(1);
    log->push(0, sample());
    log->flush();
    EXPECT_EQ(log->written(), 11U);
    EXPECT_EQ(log->dropped(), 0U) << "what sampling leaves out is not lost";
}

} // namespace
} // namespace spillway::observe
