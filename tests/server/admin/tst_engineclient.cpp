// SPDX-License-Identifier: GPL-3.0-or-later
// What a console may rely on, whether the engine is in its process or behind HTTPS: one suite for both
// clients.
#include "tests/support/remoteconsole.h"

#include "server/admin/operations.h"

#include <QtCore/QEventLoop>
#include <gtest/gtest.h>

namespace spillway::admin {
namespace {

using tests::ConsoleEngine;

enum class Way
{
    Local,
    Remote
};

class EngineClientTest : public testing::TestWithParam<Way>
{
protected:
    void SetUp() override
    {
        const auto started = server_.start({{"admin.listen", "127.0.0.1:0"}, {"admin.tls", "always"}});
        ASSERT_TRUE(started) << started.error().message;
        if (GetParam() == Way::Local)
            return;
        remote_ = std::make_unique<tests::RemoteConsole>(server_);
        const auto listening = remote_->listen();
        ASSERT_TRUE(listening) << listening.error().message;
        remote_->connect();
    }
    contract::EngineClient& client() { return remote_ ? remote_->client() : server_.client(); }
    template<class Command>
    Result<typename Command::Answer> run(const Command& command)
    {
        return server_.run(client(), command);
    }
    ConsoleEngine server_;
    std::unique_ptr<tests::RemoteConsole> remote_;
};

INSTANTIATE_TEST_SUITE_P(Both, EngineClientTest, testing::Values(Way::Local, Way::Remote),
                         [](const auto& way) { return way.param == Way::Local ? "Local" : "Remote"; });

/// Each command is a row of the operations, gives all that the row requires and nothing that it does not
/// know.
template<class Command>
void holdAgainstTheTable(const Command& command)
{
    const Operation* row = findOperation(Command::operation);
    ASSERT_TRUE(row) << Command::operation;
    QJsonObject given = contract::parameters(command);
    for (const Parameter& parameter : row->parameters) {
        const bool there = given.contains(toQString(parameter.name)) ||
                           given.contains(toQString(parameter.name) + QLatin1String("_base64"));
        EXPECT_TRUE(there || !parameter.required) << Command::operation << " lacks " << parameter.name;
    }
    const auto checked = Arguments::check(row->parameters, given);
    EXPECT_TRUE(checked) << Command::operation << ": " << checked.error().message;
}

TEST(Commands, AreRowsOfTheTableOfOperations)
{
    std::apply([](const auto&... command) { (holdAgainstTheTable(command), ...); }, contract::AllCommands());
    // With every optional part given, too.
    contract::UpdateShare update{QStringLiteral("a"), QStringLiteral("b"), true, true, true};
    holdAgainstTheTable(update);
    holdAgainstTheTable(contract::CreateLink{
        "s/\xff", {contract::LinkExpiry::Kind::After, std::chrono::hours(1)}, QStringLiteral("n")});
    holdAgainstTheTable(contract::CreateLink{"s", {contract::LinkExpiry::Kind::Never, {}}});
    holdAgainstTheTable(contract::ListFolder{QStringLiteral("s"), "\xff", 7});
    holdAgainstTheTable(contract::BrowseFolders{"/srv/\xff", true, 7});
    holdAgainstTheTable(contract::Search{QStringLiteral("a"), QStringLiteral("s"), 5});
    holdAgainstTheTable(contract::ListLinks{false, QStringLiteral("after"), 5});
    holdAgainstTheTable(contract::CreateLink{"s",
                                             {contract::LinkExpiry::Kind::Never, {}},
                                             {},
                                             false,
                                             3,
                                             QStringLiteral("secret"),
                                             {QStringLiteral("10.0.0.0/8")},
                                             1000,
                                             2});
    contract::UpdateLink rules{QStringLiteral("id"), contract::LinkExpiry{}, 0,    0, 0, QString(),
                               QStringList(),        QStringLiteral("n"),    false};
    holdAgainstTheTable(rules);
    rules.password = QStringLiteral("secret");
    holdAgainstTheTable(rules);
    holdAgainstTheTable(contract::LinkReceipts{QStringLiteral("id"), 5, 7});
    holdAgainstTheTable(contract::SetLimit{contract::LimitLevel::Ip,
                                           QStringLiteral("10.0.0.1"),
                                           {{QStringLiteral("bandwidth"), QStringLiteral("1MB/s")},
                                            {QStringLiteral("priority"), QStringLiteral("low")}}});
    holdAgainstTheTable(contract::CreateToken{
        QStringLiteral("n"), {QStringLiteral("download")}, {QStringLiteral("docs")}, 60});
    holdAgainstTheTable(contract::AddBan{QStringLiteral("10.0.0.1"), 60, QStringLiteral("r")});
    holdAgainstTheTable(contract::SetSetting{QStringLiteral("workers"), {QStringLiteral("2")}});
    holdAgainstTheTable(contract::GetHistory{contract::HistorySpan::Day, 5});
    holdAgainstTheTable(contract::GetTop{contract::HistorySpan::Day, 7});
}

TEST_P(EngineClientTest, SharesAndLinksAsTheyAre)
{
    const std::string folder = server_.makeFolder("docs", {{"a.txt", "hello"}, {"deep/b.txt", "world"}});
    const auto share = run(contract::AddShare{QStringLiteral("docs"), QByteArray::fromStdString(folder)});
    ASSERT_TRUE(share) << share.error().message;
    EXPECT_FALSE(share->isPublic);
    EXPECT_EQ(run(contract::AddShare{QStringLiteral("docs"), QByteArray::fromStdString(folder)}).error().code,
              ErrorCode::AlreadyExists);
    const auto shares = run(contract::ListShares{});
    ASSERT_TRUE(shares);
    ASSERT_EQ(shares->size(), 1U);
    EXPECT_EQ(shares->front(), *share);

    const auto listing = run(contract::ListFolder{QStringLiteral("docs"), {}});
    ASSERT_TRUE(listing) << listing.error().message;
    ASSERT_EQ(listing->entries.size(), 2U);
    EXPECT_EQ(listing->entries[0].name, "deep");
    EXPECT_TRUE(listing->entries[0].isFolder);
    EXPECT_EQ(listing->entries[1].size, 5);
    EXPECT_FALSE(listing->truncated);
    const auto cut = run(contract::ListFolder{QStringLiteral("docs"), {}, 1});
    ASSERT_TRUE(cut);
    EXPECT_TRUE(cut->truncated);
    EXPECT_EQ(cut->entries.size(), 1U);
    EXPECT_EQ(run(contract::ListFolder{QStringLiteral("docs"), "../x"}).error().code,
              ErrorCode::InvalidArgument);
    EXPECT_EQ(run(contract::ListFolder{QStringLiteral("docs"), "none"}).error().code, ErrorCode::NotFound);
    EXPECT_EQ(run(contract::ListFolder{QStringLiteral("no"), {}}).error().code, ErrorCode::NotFound);

    const auto link = run(contract::CreateLink{"docs/deep/b.txt"});
    ASSERT_TRUE(link) << link.error().message;
    EXPECT_EQ(server_.fetch(link->url).body, "world");
    ASSERT_TRUE(run(contract::RevokeLink{link->id}));
    EXPECT_EQ(server_.fetch(link->url).status, 403);
    const auto restored = run(contract::RestoreLink{link->id});
    ASSERT_TRUE(restored) << restored.error().message;
    EXPECT_EQ(restored->state, contract::LinkState::Active);
    EXPECT_EQ(server_.fetch(link->url).body, "world");
    EXPECT_EQ(run(contract::RestoreLink{QStringLiteral("BBBBBBBBBBBBBBBB")}).error().code,
              ErrorCode::NotFound);

    contract::UpdateShare change{QStringLiteral("docs")};
    change.isPublic = true;
    ASSERT_TRUE(run(change));
    EXPECT_EQ(server_.fetch(server_.url() + QStringLiteral("/s/docs/a.txt")).status, 200);
    const auto removed = run(contract::RemoveShare{QStringLiteral("docs")});
    ASSERT_TRUE(removed);
    EXPECT_EQ(removed->linksEnded, 1);
}

TEST_P(EngineClientTest, FoldersThatCouldBeSharedAreBrowsed)
{
    EXPECT_TRUE(run(contract::BrowseFolders{})->entries.empty()) << "none is named";
    const std::string root = server_.makeFolder("root", {{"a.txt", "hello"}, {"deep/b.txt", "world"}});
    const std::string other = server_.makeFolder("other", {{"c.txt", "no"}});
    server_.setShareRoots({root});
    const auto roots = run(contract::BrowseFolders{});
    ASSERT_TRUE(roots) << roots.error().message;
    ASSERT_EQ(roots->entries.size(), 1U);
    EXPECT_EQ(roots->entries[0].name.toStdString(), root);
    EXPECT_TRUE(roots->entries[0].isFolder);
    const auto inside = run(contract::BrowseFolders{QByteArray::fromStdString(root)});
    ASSERT_TRUE(inside) << inside.error().message;
    ASSERT_EQ(inside->entries.size(), 1U);
    EXPECT_EQ(inside->entries[0].name, "deep");
    const auto files = run(contract::BrowseFolders{QByteArray::fromStdString(root), true});
    ASSERT_TRUE(files);
    ASSERT_EQ(files->entries.size(), 2U);
    EXPECT_FALSE(files->entries[1].isFolder);
    const auto cut = run(contract::BrowseFolders{QByteArray::fromStdString(root), true, 1});
    ASSERT_TRUE(cut);
    EXPECT_TRUE(cut->truncated);
    EXPECT_EQ(run(contract::BrowseFolders{QByteArray::fromStdString(other)}).error().code,
              ErrorCode::PermissionDenied);
    EXPECT_EQ(run(contract::BrowseFolders{QByteArray::fromStdString(root + "/none")}).error().code,
              ErrorCode::NotFound);
}

TEST_P(EngineClientTest, AShareOfOneFileIsListedWithIt)
{
    const std::string folder = server_.makeFolder("one", {{"only.bin", "12345"}});
    ASSERT_TRUE(
        run(contract::AddShare{QStringLiteral("one"), QByteArray::fromStdString(folder + "/only.bin")}));
    const auto listing = run(contract::ListFolder{QStringLiteral("one"), {}});
    ASSERT_TRUE(listing) << listing.error().message;
    ASSERT_EQ(listing->entries.size(), 1U);
    EXPECT_EQ(listing->entries[0].name, "only.bin");
    EXPECT_EQ(listing->entries[0].size, 5);
}

TEST_P(EngineClientTest, ATransferIsListedWithoutItsSecretsAndKicked)
{
    const std::string folder = server_.makeFolder("big", {{"a b.bin", std::string(8 << 20, 'x')}});
    ASSERT_TRUE(run(contract::AddShare{QStringLiteral("big"), QByteArray::fromStdString(folder)}));
    const auto link = run(contract::CreateLink{"big/a b.bin"});
    ASSERT_TRUE(link);
    const tests::SlowClient client(link->url, QStringLiteral("tester/1.0"));
    contract::TransferList list;
    ASSERT_TRUE(server_.waitUntil([&] {
        const auto now = run(contract::ListTransfers{});
        if (now)
            list = *now;
        return list.transfers.size() == 1;
    }));
    const contract::Transfer& transfer = list.transfers.front();
    EXPECT_EQ(transfer.client, QStringLiteral("127.0.0.1"));
    EXPECT_TRUE(transfer.path.endsWith("/a b.bin")) << transfer.path.toStdString();
    EXPECT_FALSE(transfer.path.contains('?'));
    EXPECT_EQ(transfer.link, link->id);
    EXPECT_EQ(transfer.userAgent, QStringLiteral("tester/1.0"));
    EXPECT_EQ(transfer.total, 8 << 20);
    EXPECT_GT(transfer.sent, 0);
    EXPECT_LT(transfer.sent, *transfer.total);
    EXPECT_EQ(list.omitted, 0);

    ASSERT_TRUE(run(contract::KickConnection{transfer.id}));
    EXPECT_TRUE(client.endsUnfinished());
    EXPECT_EQ(run(contract::KickConnection{transfer.id}).error().code, ErrorCode::NotFound);
    EXPECT_EQ(run(contract::KickConnection{QStringLiteral("99-0-0")}).error().code, ErrorCode::NotFound);
    EXPECT_EQ(run(contract::KickConnection{QStringLiteral("0-4000000000-0")}).error().code,
              ErrorCode::NotFound);
    for (const char* bad : {"", "1", "1-2", "1-2-", "1-2-x", "-1-2-3", "1-2-3-4", " 1-2-3"})
        EXPECT_EQ(run(contract::KickConnection{QLatin1String(bad)}).error().code, ErrorCode::InvalidArgument)
            << bad;
}

TEST_P(EngineClientTest, SnapshotsComeWhileSomebodyWatches)
{
    using namespace std::chrono_literals;
    int first = 0, second = 0;
    std::unique_ptr<contract::EngineClient::Watch> one, other;
    double rate = -1;
    one = client().watch(20ms, [&](const auto& snapshot) {
        ++first;
        if (snapshot->seconds > 0)
            rate = snapshot->requestRate;
    });
    other = client().watch(20ms, [&](const auto&) {
        ++second;
        other.reset(); // a sink may end its own watch
    });
    ASSERT_TRUE(server_.waitUntil([&] { return first >= 3 && rate >= 0; }));
    EXPECT_EQ(second, 1);
    one.reset();
    // Nobody watches: what was being built may still arrive nowhere, and no more comes.
    const int seen = first;
    (void)run(contract::GetStatus{});
    (void)run(contract::GetStatus{});
    EXPECT_EQ(first, seen);
}

TEST_P(EngineClientTest, SettingsAreSeenAndChangedForGood)
{
    const auto find = [this](const char* name) {
        const auto list = run(contract::ListSettings{});
        EXPECT_TRUE(list) << list.error().message;
        for (const contract::Setting& setting : list->settings)
            if (setting.name == QLatin1String(name))
                return setting;
        return contract::Setting{};
    };
    contract::Setting idle = find("http.idle_timeout");
    EXPECT_EQ(idle.type, QStringLiteral("duration"));
    EXPECT_EQ(idle.value, idle.defaultValue);
    EXPECT_EQ(idle.origin, contract::Setting::Origin::Default);
    EXPECT_FALSE(idle.needsRestart);
    EXPECT_EQ(find("listen").origin, contract::Setting::Origin::File);

    const auto set = run(contract::SetSetting{QStringLiteral("http.idle_timeout"), {QStringLiteral("20s")}});
    ASSERT_TRUE(set) << set.error().message;
    EXPECT_EQ(set->value, QStringList{QStringLiteral("20s")});
    EXPECT_FALSE(set->pending);
    EXPECT_EQ(server_.engine().settings().get<"http.idle_timeout">(), std::chrono::seconds(20));
    const config::SettingsStore store(server_.settingsFile(), true, {}, {});
    EXPECT_EQ(store.read()->get<"http.idle_timeout">(), std::chrono::seconds(20));

    const auto later = run(contract::SetSetting{QStringLiteral("workers"), {QStringLiteral("2")}});
    ASSERT_TRUE(later);
    EXPECT_TRUE(later->pending);
    EXPECT_FALSE(run(contract::SetSetting{QStringLiteral("workers"), {QStringLiteral("1")}})->pending);
    const auto back = run(contract::ResetSetting{QStringLiteral("http.idle_timeout")});
    ASSERT_TRUE(back);
    EXPECT_EQ(back->origin, contract::Setting::Origin::Default);

    EXPECT_EQ(run(contract::SetSetting{QStringLiteral("workers"), {QStringLiteral("x")}}).error().code,
              ErrorCode::InvalidArgument);
    EXPECT_EQ(run(contract::SetSetting{QStringLiteral("wrokers"), {QStringLiteral("1")}}).error().code,
              ErrorCode::NotFound);
    // A secret goes in and never comes out.
    const QString secret = QStringLiteral("0123456789abcdef");
    const auto hidden = run(contract::SetSetting{QStringLiteral("metrics.token"), {secret}});
    ASSERT_TRUE(hidden) << hidden.error().message;
    EXPECT_TRUE(hidden->isSet);
    EXPECT_TRUE(hidden->value.isEmpty());
    EXPECT_TRUE(find("metrics.token").value.isEmpty());
}

TEST_P(EngineClientTest, ModesShowHowNearTheirRulesAre)
{
    std::vector<contract::ModeState> modes;
    ASSERT_TRUE(server_.waitUntil([&] { // the first second has passed
        const auto now = run(contract::ShowModes{});
        if (now)
            modes = *now;
        return !modes.empty() && modes.front().gauges.size() == 4;
    }));
    EXPECT_EQ(modes.front().name, QStringLiteral("saving"));
    EXPECT_EQ(modes.front().gauges[0].name, QStringLiteral("cpu"));
    EXPECT_GT(modes.front().gauges[1].value, 0); // some memory is always in use
    EXPECT_EQ(modes.front().gauges[1].limit, 95);

    const auto on = run(contract::SetMode{QStringLiteral("paused")});
    ASSERT_TRUE(on) << on.error().message;
    EXPECT_TRUE(on->kept);
    const auto paused = [](const std::vector<contract::ModeState>& all) {
        return std::any_of(all.begin(), all.end(), [](const auto& mode) {
            return mode.name == QLatin1String("paused") && mode.active && mode.byHand == QLatin1String("on");
        });
    };
    EXPECT_TRUE(paused(on->modes));
    const auto off = run(contract::SetMode{QStringLiteral("paused"), QStringLiteral("off")});
    ASSERT_TRUE(off);
    EXPECT_FALSE(paused(off->modes));
    EXPECT_EQ(run(contract::SetMode{QStringLiteral("turbo")}).error().code, ErrorCode::InvalidArgument);
}

TEST_P(EngineClientTest, TheHistoryTellsWhatWasBeforeAnybodyLooked)
{
    const std::string folder = server_.makeFolder("big", {{"a.bin", std::string(1 << 20, 'x')}});
    contract::AddShare add{QStringLiteral("big"), QByteArray::fromStdString(folder)};
    add.isPublic = true;
    ASSERT_TRUE(run(add));
    // Nothing is counted from before the first look at the clock, a second after the start.
    ASSERT_TRUE(server_.waitUntil([&] {
        const auto now = run(contract::GetHistory{});
        return now && (now->running || !now->samples.empty());
    }));
    EXPECT_EQ(server_.fetch(server_.url() + QStringLiteral("/s/big/a.bin")).status, 200);
    for (const auto span :
         {contract::HistorySpan::Minute, contract::HistorySpan::Hour, contract::HistorySpan::Day}) {
        contract::HistoryPage page;
        ASSERT_TRUE(server_.waitUntil([&] {
            const auto now = run(contract::GetHistory{span});
            if (!now)
                return false;
            page = *now;
            if (page.running)
                page.samples.push_back(*page.running);
            return std::any_of(page.samples.begin(), page.samples.end(), [](const auto& sample) {
                return sample.sentRate > 0 && sample.okRate > 0 && sample.p99Ms > 0;
            });
        })) << contract::historySpanName(span).toStdString();
        EXPECT_EQ(page.span, span);
        const auto newer = run(contract::GetHistory{span, page.samples.back().atMs});
        ASSERT_TRUE(newer);
        for (const auto& sample : newer->samples)
            EXPECT_GT(sample.atMs, page.samples.back().atMs);
    }
}

TEST_P(EngineClientTest, WhatWasDownloadedMostAndByWhom)
{
    const std::string folder = server_.makeFolder(
        "docs", {{"small.txt", "hello"}, {"deep/big.bin", std::string(300'000, 'x')}, {"deep/b.txt", "b"}});
    contract::AddShare add{QStringLiteral("docs"), QByteArray::fromStdString(folder)};
    add.isPublic = true;
    ASSERT_TRUE(run(add));
    const std::string one = server_.makeFolder("one", {{"disk.iso", std::string(1000, 'i')}}) + "/disk.iso";
    contract::AddShare single{QStringLiteral("iso"), QByteArray::fromStdString(one)};
    single.isPublic = true;
    ASSERT_TRUE(run(single));
    contract::CreateLink create{"docs/deep/big.bin"};
    create.note = QStringLiteral("For Ann");
    const auto link = run(create);
    ASSERT_TRUE(link) << link.error().message;
    const auto nothing = run(contract::GetTop{});
    ASSERT_TRUE(nothing) << nothing.error().message;
    EXPECT_TRUE(nothing->links.empty() && nothing->clients.empty() && nothing->files.empty());

    const QString base = server_.url();
    const QString byLink = base + QUrl(link->url).path() + QLatin1Char('?') + QUrl(link->url).query();
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(server_.fetch(base + QStringLiteral("/s/docs/small.txt")).status, 200);
    EXPECT_EQ(server_.fetch(byLink).status, 200);
    EXPECT_EQ(server_.fetch(base + QStringLiteral("/s/docs/deep/?zip")).status, 200);
    EXPECT_EQ(server_.fetch(base + QStringLiteral("/s/iso/")).status, 200);
    // None of these is a download of anything.
    EXPECT_EQ(server_.fetch(base + QStringLiteral("/s/docs/none")).status, 404);
    EXPECT_EQ(server_.fetch(base + QStringLiteral("/s/docs/")).status, 200);

    const auto fileOf = [](const contract::TopPage& page, const char* path, bool archive = false) {
        const auto found = std::find_if(page.files.begin(), page.files.end(), [&](const auto& file) {
            return file.path == path && file.archive == archive && file.share == QLatin1String("docs");
        });
        return found == page.files.end() ? contract::TopUse{} : found->use;
    };
    for (const auto span :
         {contract::HistorySpan::Minute, contract::HistorySpan::Hour, contract::HistorySpan::Day}) {
        contract::TopPage page;
        ASSERT_TRUE(server_.waitUntil([&] {
            const auto now = run(contract::GetTop{span});
            page = now ? *now : contract::TopPage{};
            return page.files.size() == 4 && fileOf(page, "small.txt").downloads == 2;
        })) << page.files.size();
        EXPECT_EQ(page.span, span);
        EXPECT_EQ(fileOf(page, "small.txt"), (contract::TopUse{10, 2}));
        EXPECT_EQ(fileOf(page, "deep/big.bin"), (contract::TopUse{300'000, 1}));
        EXPECT_EQ(fileOf(page, "deep", true).downloads, 1);
        EXPECT_GT(fileOf(page, "deep", true).bytes, 300'000);
        EXPECT_EQ(page.files[0].path, "deep") << "the most bytes first";
        EXPECT_EQ(page.files[2], (contract::TopFile{QStringLiteral("iso"), {}, false, {1000, 1}}));
        ASSERT_EQ(page.links.size(), 1U);
        EXPECT_EQ(page.links[0],
                  (contract::TopLink{link->id, QStringLiteral("docs"), "deep/big.bin",
                                     QStringLiteral("For Ann"), contract::TopUse{300'000, 1}}));
        ASSERT_EQ(page.clients.size(), 1U);
        EXPECT_EQ(page.clients[0].address, QStringLiteral("127.0.0.1"));
        EXPECT_EQ(page.clients[0].use.downloads, 5);
        const auto first = run(contract::GetTop{span, 1});
        ASSERT_TRUE(first);
        EXPECT_EQ(first->files.size(), 1U);
    }
    EXPECT_EQ(run(contract::GetTop{contract::HistorySpan::Day, 51}).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(run(contract::GetTop{contract::HistorySpan::Day, 0}).error().code, ErrorCode::InvalidArgument);

    // The link's share goes, and with it the link: what was, was.
    ASSERT_TRUE(run(contract::RemoveShare{QStringLiteral("docs")}));
    const auto later = run(contract::GetTop{});
    ASSERT_TRUE(later);
    ASSERT_EQ(later->links.size(), 1U);
    EXPECT_EQ(later->links[0].id, link->id);
    EXPECT_EQ(later->files.size(), 4U);
}

TEST_P(EngineClientTest, ARepliesContextMayGo)
{
    auto context = std::make_unique<QObject>();
    bool called = false;
    client().run<contract::ListShares>(context.get(), {}, [&](const auto&) { called = true; });
    context.reset();
    ASSERT_TRUE(run(contract::GetStatus{}));
    EXPECT_FALSE(called);
}

TEST_P(EngineClientTest, AChangeToAnOlderVersionIsRefused)
{
    const std::string folder = server_.makeFolder("docs", {{"a.txt", "hello"}});
    const auto first = run(contract::AddShare{QStringLiteral("docs"), QByteArray::fromStdString(folder)});
    ASSERT_TRUE(first) << first.error().message;
    ASSERT_FALSE(first->version.isEmpty());
    contract::UpdateShare mine{QStringLiteral("docs")}, theirs{QStringLiteral("docs")};
    mine.listing = false;
    theirs.dotFiles = true;
    mine.version = theirs.version = first->version;
    const auto second = run(theirs);
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_NE(second->version, first->version);
    EXPECT_EQ(run(mine).error().code, ErrorCode::Stale);
    EXPECT_TRUE(run(contract::ListShares{})->front().listing) << "nothing of it was done";
    mine.version = second->version;
    EXPECT_TRUE(run(mine));
}

TEST_P(EngineClientTest, TwoConsolesDoNotOverwriteALinkOrASetting)
{
    const std::string folder = server_.makeFolder("docs", {{"a.txt", "hello"}});
    ASSERT_TRUE(run(contract::AddShare{QStringLiteral("docs"), QByteArray::fromStdString(folder)}));
    const auto link = run(contract::CreateLink{"docs/a.txt"});
    ASSERT_TRUE(link);
    ASSERT_FALSE(link->version.isEmpty());
    EXPECT_EQ(run(contract::ListLinks{})->links.front().version, link->version);
    contract::UpdateLink mine{link->id}, theirs{link->id};
    mine.note = QStringLiteral("mine");
    theirs.maxDownloads = 3;
    mine.version = theirs.version = link->version;
    const auto second = run(theirs);
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ(run(mine).error().code, ErrorCode::Stale);
    mine.version = second->version;
    const auto third = run(mine);
    ASSERT_TRUE(third) << third.error().message;
    EXPECT_EQ(third->maxDownloads, 3);
    mine.version.reset();
    EXPECT_TRUE(run(mine)) << "who asks for no version gets none";

    const QString name = QStringLiteral("http.idle_timeout");
    const auto versionOf = [&]() -> QString {
        const auto list = run(contract::ListSettings{});
        for (const contract::Setting& setting : list->settings)
            if (setting.name == name)
                return setting.version;
        return {};
    };
    const QString before = versionOf();
    ASSERT_FALSE(before.isEmpty());
    const auto set = run(contract::SetSetting{name, {QStringLiteral("20s")}, before});
    ASSERT_TRUE(set) << set.error().message;
    EXPECT_EQ(set->version, versionOf());
    EXPECT_EQ(run(contract::SetSetting{name, {QStringLiteral("30s")}, before}).error().code,
              ErrorCode::Stale);
    EXPECT_EQ(run(contract::ResetSetting{name, before}).error().code, ErrorCode::Stale);
    EXPECT_TRUE(run(contract::ResetSetting{name, set->version}));
}

TEST_P(EngineClientTest, ManyCommandsAtOnceAreAllAnsweredOnce)
{
    int answered = 0;
    for (int i = 0; i < 300; ++i)
        client().run<contract::ListShares>(&client(), {},
                                           [&](const auto& shares) { answered += shares ? 1 : 1000; });
    EXPECT_EQ(answered, 0) << "never from inside the call";
    ASSERT_TRUE(server_.waitUntil([&] { return answered >= 300; }));
    EXPECT_EQ(answered, 300);
}

} // namespace
} // namespace spillway::admin
