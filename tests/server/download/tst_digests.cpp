// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/digests.h"
#include "tests/server/body/testfolder.h"

#include <future>

namespace spillway::download {
namespace {

constexpr std::string_view kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

struct DigestsTest : testing::Test
{
    Digests::File file(const std::string& name)
    {
        const auto facts = root->stat(name);
        EXPECT_TRUE(facts);
        return {1, root, name, facts ? *facts : body::FileFacts{}};
    }
    static Digests::Answer ask(Digests& digests, const Digests::File& of,
                               Digests::Effort effort = Digests::Effort::Computed)
    {
        std::promise<Digests::Answer> promise;
        auto answer = promise.get_future();
        digests.ask(of, effort, [&promise](const Digests::Answer& given) { promise.set_value(given); });
        return answer.get();
    }

    body::TestFolder folder;
    body::SetClock clock;
    std::shared_ptr<body::ShareRoot> root =
        std::make_shared<body::ShareRoot>(folder.path(), body::ShareRoot::Options{}, clock);
    Digests digests{Digests::Options{}, nullptr};
};

TEST_F(DigestsTest, ComputesOnDemandAndKeeps)
{
    folder.file("abc", "abc");
    EXPECT_EQ(ask(digests, file("abc"), Digests::Effort::Known).verdict, Digests::Verdict::Unknown);
    const auto answer = ask(digests, file("abc"));
    ASSERT_EQ(answer.verdict, Digests::Verdict::Found);
    EXPECT_EQ(digestLine(answer.sha256, "abc"), std::string(kAbc) + "  abc\n");
    EXPECT_EQ(ask(digests, file("abc"), Digests::Effort::Known).sha256, answer.sha256);
    folder.file("abc", "abcd");
    EXPECT_EQ(ask(digests, file("abc"), Digests::Effort::Known).verdict, Digests::Verdict::Unknown);
}

TEST_F(DigestsTest, OnlyUpToItsBound)
{
    folder.file("three", "abc");
    folder.file("four", "abcd");
    Digests small({.mostBytes = 3}, nullptr);
    EXPECT_EQ(ask(small, file("three")).verdict, Digests::Verdict::Found);
    EXPECT_EQ(ask(small, file("four")).verdict, Digests::Verdict::Unknown);
}

TEST_F(DigestsTest, KeepsTheLatest)
{
    Digests few({.kept = 2}, nullptr);
    for (const std::string name : {"a", "b", "c"}) {
        folder.file(name, name);
        EXPECT_EQ(ask(few, file(name)).verdict, Digests::Verdict::Found);
    }
    EXPECT_EQ(ask(few, file("a"), Digests::Effort::Known).verdict, Digests::Verdict::Unknown);
    EXPECT_EQ(ask(few, file("c"), Digests::Effort::Known).verdict, Digests::Verdict::Found);
}

TEST_F(DigestsTest, AFileThatIsAnotherByNowHasNone)
{
    folder.file("x", "before");
    const auto before = file("x");
    folder.file("x", "after it");
    EXPECT_EQ(ask(digests, before).verdict, Digests::Verdict::Unreadable);
    ::unlink(folder.path("x").c_str());
    EXPECT_EQ(ask(digests, before).verdict, Digests::Verdict::Unreadable);
}

TEST_F(DigestsTest, AfterTheEndItIsBusy)
{
    folder.file("x", "x");
    digests.stop();
    EXPECT_EQ(ask(digests, file("x")).verdict, Digests::Verdict::Busy);
}

TEST(DigestText, LinesAreThoseOfSha256sum)
{
    const std::string zeros(32, '\0');
    EXPECT_EQ(digestLine(zeros, "a b"), std::string(64, '0') + "  a b\n");
    EXPECT_EQ(digestLine(zeros, "a\nb\\c\r"), "\\" + std::string(64, '0') + "  a\\nb\\\\c\\r\n");
    EXPECT_EQ(digestField(zeros), "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:");
}

TEST(DigestText, WantsAreWeighted)
{
    for (const std::string_view yes :
         {"sha-256=10", "sha-256=1", "sha-512=3, sha-256=5", "md5=1 ,\tsha-256=9"})
        EXPECT_TRUE(wantsSha256(yes)) << yes;
    for (const std::string_view no : {"", "sha-256=0", "sha-256", "sha-512=10", "sha-256=11", "sha-256=-1",
                                      "sha-256=x", "sha-256=5, sha-256=0", "SHA-256=5"})
        EXPECT_FALSE(wantsSha256(no)) << no;
}

} // namespace
} // namespace spillway::download
