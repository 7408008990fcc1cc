// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log: the chain, the head, what a crash leaves, and what an operation writes.
#include "server/admin/changes.h"
#include "tests/server/admin/auditfixture.h"

#include <QtCore/QJsonDocument>
#include <sys/stat.h>

namespace spillway::admin {
namespace {

using Lines = std::vector<std::uint64_t>;

TEST_F(AuditLogTest, ANewOneIsGoodAndPrivate)
{
    EXPECT_TRUE(verify().good());
    EXPECT_EQ(verify().lines, 0U);
    write(3);
    EXPECT_TRUE(verify().good());
    EXPECT_EQ(verify().lines, 3U);
    EXPECT_EQ(verify().head.seq, 3U);
    for (const char* end : {"log", "key", "head"}) {
        struct stat info = {};
        ASSERT_EQ(::stat(path(end).c_str(), &info), 0);
        EXPECT_EQ(info.st_mode & 0777, 0600U) << end;
    }
    open();
    EXPECT_TRUE(log_->notes().empty());
    write(2);
    EXPECT_TRUE(verify().good());
    EXPECT_EQ(verify().head.seq, 5U);
}

TEST_F(AuditLogTest, EveryChangedByteShows)
{
    write(3);
    const std::string whole = readFile(path("log"));
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string changed = whole;
        changed[i] = changed[i] == '1' ? '2' : '1';
        writeFile(path("log"), changed);
        EXPECT_FALSE(verify().good()) << "byte " << i;
    }
}

TEST_F(AuditLogTest, TheChangedLineIsNamed)
{
    write(6);
    auto all = lines();
    all[2].replace(all[2].find("op2"), 3, "opX");
    setLines(all);
    EXPECT_EQ(faults(), Lines{3}) << "one change is one fault";
}

TEST_F(AuditLogTest, ARemovedAnInsertedAMovedAndARepeatedLineShow)
{
    write(6);
    const auto all = lines();
    auto changed = all;
    changed.erase(changed.begin() + 2);
    setLines(changed);
    EXPECT_EQ(faults(), Lines{3});
    EXPECT_NE(verify().faults[0].text.find("entry 3 is missing"), std::string::npos)
        << verify().faults[0].text;
    changed = all;
    changed.erase(changed.begin());
    setLines(changed);
    EXPECT_EQ(faults(), Lines{1}) << "the first one";
    changed = all;
    changed.insert(changed.begin() + 3, all[1]);
    setLines(changed);
    EXPECT_EQ(faults(), Lines{4});
    changed = all;
    std::swap(changed[1], changed[2]);
    setLines(changed);
    EXPECT_FALSE(faults().empty());
    setLines(all);
    EXPECT_TRUE(faults().empty());
}

TEST_F(AuditLogTest, ACutEndShowsForEver)
{
    write(5);
    const auto all = lines();
    for (std::size_t keep = 0; keep < 5; ++keep) {
        setLines({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(keep)});
        EXPECT_EQ(faults(), Lines{0}) << keep;
    }
    setLines({all.begin(), all.begin() + 3});
    open();
    ASSERT_EQ(log_->notes().size(), 1U);
    write(2);
    EXPECT_EQ(faults(), Lines{4}) << "the gap stays where it was";
    std::filesystem::remove(path("log"));
    EXPECT_EQ(faults(), Lines{0});
}

TEST_F(AuditLogTest, AnOlderCopyOfAllFilesIsCaughtByANotedHead)
{
    write(2);
    const std::string log = readFile(path("log")), head = readFile(path("head"));
    write(2);
    const AuditHead noted = verify().head;
    EXPECT_EQ(*AuditHead::parse(noted.text()), noted);
    EXPECT_TRUE(verify(noted).good());
    write(1);
    EXPECT_TRUE(verify(noted).good());
    writeFile(path("log"), log);
    writeFile(path("head"), head);
    EXPECT_TRUE(verify().good()) << "by themselves they cannot tell";
    EXPECT_FALSE(verify(noted).good());
    for (const char* bad : {"", "1", "1:", "0:AAAA", "x:y", "1:AAAA"})
        EXPECT_EQ(AuditHead::parse(bad).error().code, ErrorCode::InvalidArgument) << bad;
}

TEST_F(AuditLogTest, ACrashAnywhereLeavesAGoodLog)
{
    write(2);
    const std::string head = readFile(path("head"));
    const std::string before = readFile(path("log"));
    write(1);
    const std::string after = readFile(path("log"));
    // Killed while the third line was written, or after it and before the head.
    for (std::size_t size = before.size(); size <= after.size(); ++size) {
        writeFile(path("log"), after.substr(0, size));
        writeFile(path("head"), head);
        EXPECT_TRUE(verify().good()) << size;
        open();
        EXPECT_TRUE(log_->notes().empty()) << size;
        write(1);
        EXPECT_TRUE(verify().good()) << size;
        EXPECT_EQ(verify().lines, size == after.size() ? 4U : 3U) << size;
    }
    // Killed while the head was written: the other slot has the one before.
    for (std::size_t slot = 0; slot < 2; ++slot) {
        std::string torn = readFile(path("head"));
        torn.replace(slot * kSlotSize + 30, 8, "########");
        writeFile(path("head"), torn);
        EXPECT_TRUE(verify().good()) << slot;
        open();
        write(1);
        EXPECT_TRUE(verify().good());
    }
}

TEST_F(AuditLogTest, AMissingHeadOrKeyIsSaid)
{
    write(3);
    std::filesystem::remove(path("head"));
    EXPECT_EQ(faults(), Lines{0});
    open();
    EXPECT_EQ(log_->notes().size(), 1U);
    EXPECT_TRUE(verify().good()) << "from here on";
    EXPECT_EQ(verify().lines, 4U) << "the fourth says what happened";
    const auto page = log_->list({});
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->entries.at(0)
                    .toObject()
                    .value(QLatin1String("text"))
                    .toString()
                    .contains(QLatin1String("audit.head")));

    std::filesystem::remove(path("key"));
    EXPECT_TRUE(verify().keyMissing);
    EXPECT_FALSE(verify().good());
    open();
    EXPECT_TRUE(verify().good());
    EXPECT_EQ(verify().lines, 1U);
    int kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
        kept += entry.path().filename().string().starts_with("audit.log.without-key.") ? 1 : 0;
    EXPECT_EQ(kept, 1) << "nothing is thrown away";
}

TEST_F(AuditLogTest, AKeyForOthersToReadIsRefused)
{
    ::chmod(path("key").c_str(), 0644);
    EXPECT_EQ(AuditLog::open(folder_.path(), clock_).error().code, ErrorCode::PermissionDenied);
    ::chmod(path("key").c_str(), 0600);
    writeFile(path("key"), "short");
    EXPECT_EQ(AuditLog::open(folder_.path(), clock_).error().code, ErrorCode::Corrupt);
}

TEST_F(AuditLogTest, PagesGoThroughAllOfItOnce)
{
    for (int i = 0; i < 500; ++i) {
        const auto begin = log_->append({{QStringLiteral("what"), QStringLiteral("begin")},
                                         {QStringLiteral("operation"), QStringLiteral("op%1").arg(i)},
                                         {QStringLiteral("given"), QString(1000, QLatin1Char('x'))}},
                                        false);
        ASSERT_TRUE(begin);
        if (i == 123)
            continue;
        ASSERT_TRUE(log_->append({{QStringLiteral("what"), QStringLiteral("end")},
                                  {QStringLiteral("of"), static_cast<qint64>(*begin)}}));
    }
    int next = 499;
    AuditQuery query;
    query.limit = 7;
    for (;;) {
        const auto page = log_->list(query);
        ASSERT_TRUE(page) << page.error().message;
        for (const QJsonValue one : page->entries) {
            EXPECT_EQ(one.toObject().value(QLatin1String("operation")).toString(),
                      QStringLiteral("op%1").arg(next));
            EXPECT_EQ(one.toObject().value(QLatin1String("outcome")).toString(),
                      next == 123 ? QStringLiteral("unknown") : QStringLiteral("done"));
            --next;
        }
        if (page->next.empty())
            break;
        query.after = page->next;
    }
    EXPECT_EQ(next, -1);
    const auto found = log_->list({"OP123\"", {}, 10});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->entries.size(), 1);
    EXPECT_EQ(log_->list({{}, "x", 10}).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(log_->list({{}, "99999999999", 10}).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(log_->list({{}, {}, 0}).error().code, ErrorCode::InvalidArgument);
}

TEST(WithoutSecrets, HidesWhatOpensSomething)
{
    const QJsonValue value = QJsonDocument::fromJson(R"({"url":"http://x/?s=1","name":"a","password":true,
        "list":[{"token":"t","secret":"s","password":"p"}],"metrics.token":"m"})")
                                 .object();
    const QByteArray text = QJsonDocument(withoutSecrets(value).toObject()).toJson(QJsonDocument::Compact);
    const QByteArray wanted = R"x({"list":[{"password":"(hidden)","secret":"(hidden)","token":"(hidden)"}],)x"
                              R"x("metrics.token":"(hidden)","name":"a","password":true,"url":"(hidden)"})x";
    EXPECT_EQ(text, wanted) << text.toStdString();
    const QJsonObject setting{{QStringLiteral("name"), QStringLiteral("metrics.token")},
                              {QStringLiteral("value"), QStringLiteral("m")}};
    EXPECT_EQ(withoutSecrets(setting).toObject().value(QLatin1String("value")).toString(),
              QStringLiteral("(hidden)"));
}

} // namespace
} // namespace spillway::admin
