// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log over several files: the chain goes on, what is gone shows, and a kill loses nothing.
#include "tests/server/admin/auditfixture.h"

#include <QtCore/QStringList>
#include <atomic>
#include <map>
#include <sys/stat.h>
#include <thread>

namespace spillway::admin {
namespace {

/// Every file is full after one line.
constexpr AuditBounds kOneEach{1, 0};

class AuditRotationTest : public AuditLogTest
{
protected:
    void SetUp() override { open(kOneEach); }
    [[nodiscard]] std::string aside(int number) const
    {
        return folder_.file("audit.log." + std::to_string(number));
    }
    [[nodiscard]] std::vector<int> asideFiles() const
    {
        std::vector<int> numbers;
        for (int i = 1; i < 100; ++i)
            if (std::filesystem::exists(aside(i)))
                numbers.push_back(i);
        return numbers;
    }
    [[nodiscard]] QStringList operations(std::int64_t limit = 3) const
    {
        QStringList all;
        AuditQuery query;
        query.limit = limit;
        for (;;) {
            const auto page = log_->list(query);
            EXPECT_TRUE(page) << page.error().message;
            if (!page)
                return all;
            for (const QJsonValue one : page->entries)
                all += one.toObject().value(QLatin1String("operation")).toString();
            if (page->next.empty())
                return all;
            query.after = page->next;
        }
    }
};

using Numbers = std::vector<int>;

TEST_F(AuditRotationTest, TheChainGoesOnOverTheFiles)
{
    write(4);
    EXPECT_EQ(asideFiles(), (Numbers{1, 2, 3}));
    EXPECT_TRUE(verify().good());
    EXPECT_EQ(verify().files, 4U);
    EXPECT_EQ(verify().lines, 7U) << "four and the first lines of three files";
    EXPECT_EQ(verify().dropped, 0U);
    const AuditHead noted = verify().head;
    EXPECT_NE(readFile(path("log")).find("\"continues\":\"5:"), std::string::npos) << readFile(path("log"));
    open(kOneEach);
    EXPECT_TRUE(log_->notes().empty());
    write(2, 4);
    EXPECT_TRUE(verify(noted).good());
    EXPECT_EQ(asideFiles(), (Numbers{1, 2, 3, 4, 5}));
    const QStringList shown = operations();
    EXPECT_EQ(shown.filter(QStringLiteral("op")),
              (QStringList{QStringLiteral("op5"), QStringLiteral("op4"), QStringLiteral("op3"),
                           QStringLiteral("op2"), QStringLiteral("op1"), QStringLiteral("op0")}));
    EXPECT_EQ(shown.size(), 11) << "each new file is said";
    struct stat info = {};
    ASSERT_EQ(::stat(aside(1).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(AuditRotationTest, ABeginAndItsEndInTwoFilesAreOneEntry)
{
    const auto begin = log_->append({{QStringLiteral("what"), QStringLiteral("begin")},
                                     {QStringLiteral("operation"), QStringLiteral("share.add")}});
    ASSERT_TRUE(begin);
    ASSERT_TRUE(log_->append({{QStringLiteral("what"), QStringLiteral("end")},
                              {QStringLiteral("of"), static_cast<qint64>(*begin)}}));
    const auto page = log_->list({});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->entries.last().toObject().value(QLatin1String("outcome")).toString(),
              QStringLiteral("done"));
}

TEST_F(AuditRotationTest, ACursorOutlivesItsFile)
{
    open({1 << 20, 0});
    write(5);
    const auto first = log_->list({{}, {}, 2});
    ASSERT_TRUE(first);
    log_->setBounds(kOneEach);
    write(3, 5);
    const auto second = log_->list({{}, first->next, 2});
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ(second->entries.at(0).toObject().value(QLatin1String("operation")).toString(),
              QStringLiteral("op2"));
    for (const char* bad : {"9-0", "0-0", "4-99999999", "1-", "-1", "1-2-3", "1"})
        EXPECT_EQ(log_->list({{}, bad, 2}).error().code, ErrorCode::InvalidArgument) << bad;
}

TEST_F(AuditRotationTest, ARemovedAChangedAndAnEmptiedFileShow)
{
    write(5);
    for (const int number : {1, 2, 3, 4}) {
        const std::string whole = readFile(aside(number));
        std::filesystem::remove(aside(number));
        EXPECT_FALSE(verify().good()) << number << " is removed";
        ASSERT_FALSE(verify().faults.empty());
        EXPECT_NE(verify().faults[0].text.find("missing"), std::string::npos) << verify().faults[0].text;
        writeFile(aside(number), "");
        EXPECT_FALSE(verify().good()) << number << " is emptied";
        std::string changed = whole;
        changed.replace(changed.find("op"), 2, "xx");
        writeFile(aside(number), changed);
        const auto found = verify().faults;
        ASSERT_FALSE(found.empty()) << number;
        EXPECT_EQ(found[0].file, "audit.log." + std::to_string(number));
        writeFile(aside(number), whole);
        EXPECT_TRUE(verify().good());
    }
    const std::string second = readFile(aside(2)), third = readFile(aside(3));
    writeFile(aside(2), third);
    writeFile(aside(3), second);
    EXPECT_FALSE(verify().good()) << "swapped";
    writeFile(aside(2), second);
    writeFile(aside(3), third);
    std::filesystem::remove(path("log"));
    EXPECT_FALSE(verify().good()) << "the newest";
    open(kOneEach);
    write(1);
    EXPECT_FALSE(verify().good()) << "it shows for ever";
}

TEST_F(AuditRotationTest, OldFilesGoByTheBoundAloneAndThatIsSaid)
{
    open({1, 2});
    write(3);
    EXPECT_EQ(asideFiles(), (Numbers{1, 2}));
    const AuditHead early = verify().head; // entry 5
    write(1, 3);
    EXPECT_EQ(asideFiles(), (Numbers{2, 3}));
    const AuditVerdict verdict = verify();
    EXPECT_TRUE(verdict.good());
    EXPECT_EQ(verdict.dropped, 1U) << "the first file had one line";
    EXPECT_TRUE(verify(early).good());
    write(3, 4);
    EXPECT_EQ(asideFiles(), (Numbers{5, 6}));
    EXPECT_EQ(verify().dropped, 7U);
    EXPECT_FALSE(verify(early).good()) << "who asks for an entry that is deleted hears that";
    EXPECT_NE(verify(early).faults[0].text.find("audit.files"), std::string::npos);
    const auto page = log_->list({{}, {}, 100});
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->next.empty());
    EXPECT_TRUE(page->entries.at(1)
                    .toObject()
                    .value(QLatin1String("text"))
                    .toString()
                    .contains(QLatin1String("audit.files")));

    // Nobody else may delete one more, whatever the bound says later.
    const std::string fifth = readFile(aside(5));
    std::filesystem::remove(aside(5));
    EXPECT_FALSE(verify().good());
    open({1, 1});
    EXPECT_FALSE(verify().good());
    writeFile(aside(5), fifth);
    open({1, 1});
    EXPECT_TRUE(verify().good()) << "a smaller bound holds from the next file on";
    EXPECT_EQ(asideFiles(), (Numbers{5, 6}));
    write(1);
    EXPECT_EQ(asideFiles(), Numbers{7});
    EXPECT_TRUE(verify().good());
    open({1, 0});
    write(3);
    EXPECT_TRUE(verify().good()) << "it is remembered from file to file";
    EXPECT_EQ(asideFiles(), (Numbers{7, 8, 9, 10}));
}

/// Each state that a kill leaves while a file is put aside: good as it is, and gone on with.
TEST_F(AuditRotationTest, AKillAnywhereLosesNothing)
{
    open({1, 1});
    write(3); // 1 is deleted, 2 is aside
    const auto keep = [this] {
        std::map<std::string, std::string> all;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
            if (entry.is_regular_file())
                all[entry.path().filename().string()] = readFile(entry.path().string());
        return all;
    };
    const auto restore = [this](const std::map<std::string, std::string>& all) {
        log_.reset();
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
            if (entry.path().filename().string().starts_with("audit.log"))
                std::filesystem::remove(entry.path());
        for (const auto& [name, bytes] : all)
            writeFile(folder_.file(name), bytes);
        ::chmod(path("key").c_str(), 0600);
    };
    const auto before = keep();
    write(1, 3);
    const auto after = keep();
    const std::string fresh = after.at("audit.log");
    const std::string firstLine = fresh.substr(0, fresh.find('\n') + 1);
    const std::string old = before.at("audit.log");
    struct State
    {
        const char* name;
        std::map<std::string, std::string> files;
    };
    std::vector<State> states;
    auto files = before;
    files["audit.log.next"] = firstLine.substr(0, 40);
    states.push_back({"half of the next file", files});
    files["audit.log.next"] = firstLine;
    states.push_back({"the next file", files});
    files["audit.log.3"] = old;
    files.erase("audit.log");
    states.push_back({"between the renames", files});
    files.erase("audit.log.next");
    files["audit.log"] = "";
    states.push_back({"an empty new file", files});
    files["audit.log"] = firstLine.substr(0, firstLine.size() / 2);
    states.push_back({"half of its first line", files});
    files["audit.log"] = firstLine;
    states.push_back({"before the head", files});
    files["audit.head"] = after.at("audit.head");
    files["audit.log"] = fresh;
    states.push_back({"before the old one is deleted", files});
    for (const State& state : states) {
        restore(state.files);
        EXPECT_TRUE(verify().good()) << state.name;
        open({1, 3});
        EXPECT_TRUE(log_->notes().empty()) << state.name << ": " << log_->notes()[0];
        EXPECT_TRUE(verify().good()) << state.name;
        write(1, 7);
        const AuditVerdict verdict = verify();
        EXPECT_TRUE(verdict.good()) << state.name << ": " << verdict.faults[0].text;
        EXPECT_TRUE(operations().contains(QStringLiteral("op2"))) << state.name << ": nothing was lost";
    }
    EXPECT_FALSE(std::filesystem::exists(aside(2))) << "what was said is done";
}

TEST_F(AuditRotationTest, AMissingKeyTakesAllFilesAlong)
{
    write(3);
    std::filesystem::remove(path("key"));
    open(kOneEach);
    EXPECT_TRUE(asideFiles().empty());
    EXPECT_TRUE(verify().good());
    int kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
        kept += entry.path().filename().string().find(".without-key.") != std::string::npos ? 1 : 0;
    EXPECT_EQ(kept, 3);
}

TEST_F(AuditRotationTest, ItIsVerifiedWhileItGrows)
{
    open({2000, 3});
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        for (int i = 0; !stop; ++i)
            (void)log_->append({{QStringLiteral("what"), QStringLiteral("seen")}});
    });
    for (int i = 0; i < 200 || verify().dropped == 0; ++i) {
        const AuditVerdict verdict = verify();
        EXPECT_TRUE(verdict.good()) << verdict.faults[0].text;
        const auto page = log_->list({{}, {}, 50});
        EXPECT_TRUE(page) << page.error().message;
    }
    stop = true;
    writer.join();
    EXPECT_TRUE(verify().good());
}

} // namespace
} // namespace spillway::admin
