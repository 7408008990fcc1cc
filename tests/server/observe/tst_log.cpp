// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/log.h"

#include "manualclock.h"
#include "server/base/uniquefd.h"

#include <cstdlib>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <vector>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// A pipe that stands for standard error.
class LogTest : public testing::Test
{
protected:
    void SetUp() override
    {
        int ends[2];
        ASSERT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
        reader_.reset(ends[0]);
        writer_.reset(ends[1]);
    }
    [[nodiscard]] LogOptions options() const { return {.descriptor = writer_.get()}; }
    [[nodiscard]] std::string read() const
    {
        std::string text;
        char buffer[4096];
        for (ssize_t got = 0; (got = ::read(reader_.get(), buffer, sizeof buffer)) > 0;)
            text.append(buffer, static_cast<std::size_t>(got));
        return text;
    }

    ManualClock clock_;
    UniqueFd reader_, writer_;
};

TEST_F(LogTest, Formats)
{
    struct Case
    {
        LogFormat format;
        const char* line;
    };
    const Case cases[] = {
        {LogFormat::Text,
         "2025-10-09T08:53:20.000Z warning cannot read path=\"/a b\" errno=5 share=pub empty=\"\"\n"},
        {LogFormat::Systemd, "<4>cannot read path=\"/a b\" errno=5 share=pub empty=\"\"\n"},
        {LogFormat::Json,
         "{\"time\":\"2025-10-09T08:53:20.000Z\",\"level\":\"warning\",\"message\":\"cannot read\","
         "\"path\":\"/a b\",\"errno\":\"5\",\"share\":\"pub\",\"empty\":\"\"}\n"},
    };
    for (const Case& c : cases) {
        LogOptions opts = options();
        opts.format = c.format;
        Log log(opts, clock_);
        log.warning("cannot read", {{"path", "/a b"}, {"errno", 5}, {"share", "pub"}, {"empty", ""}});
        ASSERT_TRUE(log.flush(10s));
        EXPECT_EQ(read(), c.line);
    }
}

TEST_F(LogTest, OneEventIsOneLine)
{
    for (const LogFormat format : {LogFormat::Text, LogFormat::Systemd, LogFormat::Json}) {
        LogOptions opts = options();
        opts.format = format;
        Log log(opts, clock_);
        log.error("bad\nname\x1b[2J", {{"path", "a\nb\xff\"c"}});
        ASSERT_TRUE(log.flush(10s));
        const std::string text = read();
        EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
        EXPECT_EQ(text.find('\x1b'), std::string::npos);
    }
}

TEST_F(LogTest, LevelsBelowTheSetOneAreSilent)
{
    Log log(options(), clock_);
    log.error("e");
    log.warning("w");
    log.info("i");
    log.debug("d");
    ASSERT_TRUE(log.flush(10s));
    std::string text = read();
    EXPECT_THAT(text, HasSubstr(" error e\n"));
    EXPECT_THAT(text, HasSubstr(" info i\n"));
    EXPECT_THAT(text, testing::Not(HasSubstr("debug")));
    log.setLevel(LogLevel::Error);
    EXPECT_FALSE(log.wants(LogLevel::Warning));
    log.warning("w");
    log.setLevel(LogLevel::Debug);
    log.debug("d");
    ASSERT_TRUE(log.flush(10s));
    text = read();
    EXPECT_THAT(text, HasSubstr(" debug d\n"));
    EXPECT_THAT(text, testing::Not(HasSubstr("warning")));
}

TEST_F(LogTest, ASiteThatRepeatsItselfIsCutOff)
{
    LogOptions opts = options();
    opts.perSite = 3;
    Log log(opts, clock_);
    const auto complain = [&] { log.warning("again"); };
    for (int i = 0; i < 10; ++i)
        complain();
    log.warning("another site");
    ASSERT_TRUE(log.flush(10s));
    const std::string first = read();
    EXPECT_EQ(std::count(first.begin(), first.end(), '\n'), 4) << first;
    EXPECT_THAT(first, HasSubstr("another site"));
    EXPECT_EQ(log.suppressed(), 7U);

    clock_.advance(10s);
    complain();
    complain();
    ASSERT_TRUE(log.flush(10s));
    const std::string second = read();
    EXPECT_THAT(second, HasSubstr("again suppressed=7\n"));
    EXPECT_THAT(second, HasSubstr("again\n"));
}

TEST_F(LogTest, AFullQueueDropsAndCounts)
{
    LogOptions opts = options();
    opts.perSite = 0;
    opts.queueBytes = 4096;
    std::string text;
    {
        Log log(opts, clock_);
        for (int i = 0; i < 5000; ++i) // nobody reads: the pipe takes 64 KiB, the queue 4 KiB
            log.info("a line of some length to fill the pipe and then the queue", {{"i", i}});
        EXPECT_GT(log.dropped(), 0U);
        text = read(); // lets the writer go on and the destructor end
        const std::uint64_t dropped = log.dropped();
        while (!log.flush(1ms))
            text += read();
        text += read();
        EXPECT_EQ(static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) + dropped, 5000U);
    }
}

TEST_F(LogTest, FlushGivesUpInTime)
{
    LogOptions opts = options();
    opts.perSite = 0;
    Log log(opts, clock_);
    for (int i = 0; i < 2000; ++i)
        log.info("a line of some length to fill the pipe, which nobody reads");
    EXPECT_FALSE(log.flush(1ms));
    while (!log.flush(1ms))
        (void)read();
}

TEST_F(LogTest, ThreadsWriteWholeLines)
{
    LogOptions opts = options();
    opts.perSite = 0;
    std::string text;
    std::uint64_t dropped = 0;
    {
        Log log(opts, clock_);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&log, t] {
                for (int i = 0; i < 100; ++i)
                    log.info("line", {{"thread", t}, {"i", i}});
            });
        for (auto& thread : threads)
            thread.join();
        ASSERT_TRUE(log.flush(10s));
        dropped = log.dropped();
        text = read();
    }
    EXPECT_EQ(static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) + dropped, 400U);
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
        ASSERT_EQ(text.substr(at, 30), "2025-10-09T08:53:20.000Z info ");
}

TEST_F(LogTest, AClosedDescriptorIsNoReasonToStop)
{
    LogOptions opts = options();
    Log log(opts, clock_);
    reader_.reset(); // EPIPE, and SIGPIPE would end the process
    log.error("nobody hears this");
    EXPECT_TRUE(log.flush(10s));
}

TEST(LogFormatTest, TheJournalIsRecognisedByItsStream)
{
    struct stat status
    {
    };
    ASSERT_EQ(::fstat(2, &status), 0);
    const std::string own = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
    ::setenv("JOURNAL_STREAM", own.c_str(), 1);
    EXPECT_EQ(defaultLogFormat(), LogFormat::Systemd);
    ::setenv("JOURNAL_STREAM", "1:1", 1); // inherited, but standard error was sent elsewhere since
    EXPECT_EQ(defaultLogFormat(), LogFormat::Text);
    ::unsetenv("JOURNAL_STREAM");
    EXPECT_EQ(defaultLogFormat(), LogFormat::Text);
}

TEST(LogLevelTest, NamesGoBothWays)
{
    for (const LogLevel level : {LogLevel::Error, LogLevel::Warning, LogLevel::Info, LogLevel::Debug})
        EXPECT_EQ(logLevelFromName(logLevelName(level)), level);
    EXPECT_EQ(logLevelFromName("fatal"), std::nullopt);
}

} // namespace
} // namespace spillway::observe
