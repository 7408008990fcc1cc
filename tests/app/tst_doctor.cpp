// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/doctor.h"

#include "server/net/listensocket.h"
#include "tests/server/catalog/catalogfixture.h"
#include "tests/server/net/tlsfiles.h"
#include "tests/server/observe/manualclock.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <functional>
#include <sys/stat.h>

namespace spillway::app {
namespace {

using Level = Check::Level;

SystemFacts healthy()
{
    SystemFacts facts;
    facts.descriptorsSoft = 1024;
    facts.descriptorsHard = 65'536;
    facts.somaxconn = 1024;
    facts.synBacklog = 1024;
    facts.inotifyWatches = 65'536;
    facts.firstLocalPort = 32'768;
    facts.lastLocalPort = 60'999;
    facts.year = 2026;
    facts.clockSynchronized = true;
    facts.openat2 = true;
    facts.cachestat = true;
    return facts;
}

Level levelOf(const std::vector<Check>& checks, const std::string& name)
{
    for (const Check& check : checks)
        if (check.name == name)
            return check.level;
    ADD_FAILURE() << "no check " << name;
    return Level::Ok;
}

TEST(Doctor, AHealthySystemHasNothingToMend)
{
    for (const Check& check : checkSystem(healthy(), config::Settings())) {
        EXPECT_EQ(check.level, Level::Ok) << check.name << ": " << check.text;
        EXPECT_TRUE(check.mend.empty()) << check.name;
    }
}

TEST(Doctor, EachFactIsJudged)
{
    const struct
    {
        const char* name;
        std::function<void(SystemFacts&)> change;
        Level level;
    } rows[] = {
        {"open-files", [](SystemFacts& f) { f.descriptorsHard = 65'535; }, Level::Warning},
        {"open-files", [](SystemFacts& f) { f.descriptorsHard = 65'537; }, Level::Ok},
        {"somaxconn", [](SystemFacts& f) { f.somaxconn = 1023; }, Level::Warning},
        {"somaxconn", [](SystemFacts& f) { f.somaxconn = 1025; }, Level::Ok},
        {"somaxconn", [](SystemFacts& f) { f.somaxconn.reset(); }, Level::Warning},
        {"syn-backlog", [](SystemFacts& f) { f.synBacklog = 512; }, Level::Warning},
        {"inotify-watches", [](SystemFacts& f) { f.inotifyWatches = 8192; }, Level::Warning},
        {"port-range", [](SystemFacts& f) { f.lastLocalPort = 52'766; }, Level::Warning},
        {"port-range", [](SystemFacts& f) { f.lastLocalPort = 52'767; }, Level::Ok},
        {"clock", [](SystemFacts& f) { f.year = 1970; }, Level::Problem},
        {"clock", [](SystemFacts& f) { f.clockSynchronized = false; }, Level::Warning},
        {"clock", [](SystemFacts& f) { f.clockSynchronized.reset(); }, Level::Ok},
        {"openat2", [](SystemFacts& f) { f.openat2 = false; }, Level::Warning},
        {"cachestat", [](SystemFacts& f) { f.cachestat = false; }, Level::Ok},
    };
    for (const auto& row : rows) {
        SystemFacts facts = healthy();
        row.change(facts);
        const auto checks = checkSystem(facts, config::Settings());
        EXPECT_EQ(levelOf(checks, row.name), row.level) << row.name;
        for (const Check& check : checks)
            EXPECT_EQ(check.mend.empty(), check.level == Level::Ok) << check.name << " says how to mend it";
    }
}

TEST(Doctor, ConnectionsThatWereAskedForMustFit)
{
    config::Settings settings;
    ASSERT_TRUE(settings.set(config::findRow("http.max_connections"), {"100000"}, {}));
    const auto checks = checkSystem(healthy(), settings);
    EXPECT_EQ(levelOf(checks, "open-files"), Level::Problem);
    EXPECT_NE(checks.front().text.find("http.max_connections = 100000 only "), std::string::npos)
        << checks.front().text;
    SystemFacts facts = healthy();
    facts.descriptorsHard = 1'000'000;
    EXPECT_EQ(levelOf(checkSystem(facts, settings), "open-files"), Level::Ok);
    facts.descriptorsHard = 1024;
    EXPECT_EQ(levelOf(checkSystem(facts, settings), "open-files"), Level::Problem);
    ASSERT_TRUE(settings.set(config::findRow("http.max_connections"), {"100"}, {}));
    EXPECT_EQ(levelOf(checkSystem(facts, settings), "open-files"), Level::Ok) << "few were asked for";
}

TEST(Doctor, TheDataFolder)
{
    constexpr std::uint64_t mebibyte = 1 << 20;
    const FolderFacts good{true, true, 0700, 1000, 4096 * mebibyte, 1'000'000, true};
    const struct
    {
        const char* name;
        std::function<void(FolderFacts&)> change;
        Level level;
    } rows[] = {
        {"data-folder", [](FolderFacts&) {}, Level::Ok},
        {"data-folder", [](FolderFacts& f) { f = {}; }, Level::Warning},
        {"data-folder", [](FolderFacts& f) { f.writable = false; }, Level::Problem},
        {"data-folder", [](FolderFacts& f) { f.mode = 0750; }, Level::Problem},
        {"data-folder", [](FolderFacts& f) { f.mode = 0701; }, Level::Problem},
        {"data-folder", [](FolderFacts& f) { f.owner = 7; }, Level::Warning},
        {"disk-space", [](FolderFacts&) {}, Level::Ok},
        {"disk-space", [](FolderFacts& f) { f.freeBytes = 1024 * mebibyte - 1; }, Level::Warning},
        {"disk-space", [](FolderFacts& f) { f.freeBytes = 64 * mebibyte - 1; }, Level::Problem},
        {"disk-inodes", [](FolderFacts& f) { f.freeInodes = 99; }, Level::Problem},
    };
    for (const auto& row : rows) {
        FolderFacts facts = good;
        row.change(facts);
        EXPECT_EQ(levelOf(checkDataFolder("/data", facts, 1000), row.name), row.level) << row.name;
    }
    EXPECT_EQ(checkDataFolder("/data", good, 1000).size(), 2U) << "no word on files where there is room";
}

TEST(Doctor, FilesThatOthersMayRead)
{
    const catalog::TemporaryFolder folder;
    catalog::writeFile(folder.file("catalog.db"), "");
    ::chmod(folder.file("catalog.db").c_str(), 0600);
    EXPECT_TRUE(checkPrivateFiles(folder.path()).empty());
    ::chmod(folder.file("catalog.db").c_str(), 0640);
    const auto checks = checkPrivateFiles(folder.path());
    ASSERT_EQ(checks.size(), 1U);
    EXPECT_EQ(checks[0].level, Level::Problem);
    EXPECT_EQ(checks[0].mend, "chmod 600 " + folder.file("catalog.db"));
}

TEST(Doctor, PortsAreFreeTakenOrOurs)
{
    net::ListenAddress address{"127.0.0.1", 0};
    const auto held = net::listenGroup(address, 1, false);
    ASSERT_TRUE(held);
    config::Settings settings;
    ASSERT_TRUE(settings.set(config::findRow("listen"), {net::toString(address)}, {}));
    ASSERT_TRUE(settings.set(config::findRow("admin.listen"), {"127.0.0.1:0"}, {}));
    EXPECT_EQ(levelOf(checkPorts(settings, false), "listen"), Level::Problem);
    EXPECT_EQ(levelOf(checkPorts(settings, true), "listen"), Level::Ok);
    EXPECT_EQ(levelOf(checkPorts(settings, false), "admin-listen"), Level::Ok);
}

TEST(Doctor, OtherMachinesGetThroughOrWhatMayStandInTheWay)
{
    config::Settings settings;
    const auto offline = [&](const char* firewall) { return checkReach(settings, {}, firewall); };
    ASSERT_TRUE(settings.set(config::findRow("listen"), {"127.0.0.1:8080", "0.0.0.0:8090"}, {}));
    EXPECT_EQ(offline("").level, Level::Ok);
    EXPECT_EQ(offline("ufw").level, Level::Warning);
    EXPECT_EQ(offline("ufw").mend, "sudo ufw allow 8090/tcp");
    ASSERT_TRUE(settings.set(config::findRow("listen"), {"127.0.0.1:8080"}, {}));
    EXPECT_EQ(offline("ufw").level, Level::Ok) << "it wants nobody else";
    ASSERT_TRUE(settings.set(config::findRow("tls.listen"), {"[::]:8443"}, {}));
    EXPECT_EQ(offline("nftables").mend, "sudo nft insert rule inet filter input tcp dport 8443 accept");

    // What a running server says counts more than the settings.
    const auto online = [&](const char* status) {
        return checkReach(settings, QJsonDocument::fromJson(status).object(), "ufw");
    };
    EXPECT_EQ(online(R"({"addresses":["http://[::]:9000"]})").mend, "sudo ufw allow 9000/tcp");
    EXPECT_EQ(online(R"({"addresses":["http://[::1]:9000"]})").level, Level::Ok);
    const Check reached =
        online(R"({"addresses":["http://[::]:9000"],"reached_by":{"address":"192.0.2.7","at":1}})");
    EXPECT_EQ(reached.level, Level::Ok) << "whatever runs here, it let somebody in";
    EXPECT_NE(reached.text.find("192.0.2.7"), std::string::npos);
}

TEST(Doctor, CertificatesAreUsableForHowLongOrNot)
{
    const net::TlsFiles files;
    observe::ManualClock clock;
    config::Settings settings;
    const auto check = [&] { return checkTls(settings, files.file("data"), clock, false); };
    EXPECT_TRUE(check().empty()) << "without HTTPS there is nothing to say";
    ASSERT_TRUE(settings.set(config::findRow("tls.listen"), {"127.0.0.1:0"}, {}));
    EXPECT_EQ(levelOf(check(), "tls-certificate"), Level::Problem) << "there is none";
    const auto made = files.make("some", {"some.example"}, unixSeconds(clock.wall()));
    ASSERT_TRUE(settings.set(config::findRow("tls.certificate"), {made.certificate}, {}));
    EXPECT_EQ(levelOf(check(), "tls-certificate"), Level::Problem) << "one certificate and no key";
    ASSERT_TRUE(settings.set(config::findRow("tls.key"), {made.key}, {}));
    EXPECT_EQ(levelOf(check(), "tls-certificate"), Level::Ok);
    EXPECT_EQ(levelOf(check(), "kernel-tls"), Level::Ok);
    ASSERT_EQ(::chmod(made.key.c_str(), 0644), 0);
    EXPECT_EQ(levelOf(check(), "tls-certificate"), Level::Problem);
    ASSERT_EQ(::chmod(made.key.c_str(), 0600), 0);
    const auto ends = net::readCertificate(made.certificate)->notAfter;
    const auto daysLeft = [&](std::int64_t days, std::int64_t seconds) {
        clock.advance(std::chrono::seconds(ends - days * 86'400 - seconds - unixSeconds(clock.wall())));
        return levelOf(check(), "tls-certificate");
    };
    EXPECT_EQ(daysLeft(14, 0), Level::Ok);
    EXPECT_EQ(daysLeft(14, -1), Level::Warning);
    EXPECT_EQ(daysLeft(0, 1), Level::Warning);
    EXPECT_EQ(daysLeft(0, 0), Level::Problem);
}

TEST(Doctor, ReadsThisMachine)
{
    const SystemFacts facts = readSystemFacts();
    EXPECT_GT(facts.descriptorsHard, 0U);
    EXPECT_GT(facts.year, 2020);
    const catalog::TemporaryFolder folder;
    const FolderFacts here = readFolderFacts(folder.path());
    EXPECT_TRUE(here.there);
    EXPECT_EQ(here.mode, 0700U);
    EXPECT_EQ(here.owner, ::geteuid());
    EXPECT_GT(here.freeBytes, 0U);
    EXPECT_FALSE(readFolderFacts(folder.file("nothing")).there);
}

} // namespace
} // namespace spillway::app
