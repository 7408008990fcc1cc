// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"

#include "ui/models/format.h"
#include "ui/session/bancontrol.h"
#include "ui/session/finisheddownloads.h"
#include "ui/session/limitcontrol.h"
#include "ui/session/linkrules.h"
#include "ui/session/tokencontrol.h"

#include <QtCore/QDateTime>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QThreadPool>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <algorithm>

namespace spillway::ui {

using namespace std::chrono_literals;

namespace {

constexpr auto kSnapshotEvery = 500ms;
constexpr auto kRefreshEvery = 3000ms;
constexpr std::size_t kMostLinks = 20'000; ///< of the table; the filter of the server finds the others
constexpr int kMostNames = 50;             ///< "name", "name-2", … before giving up

} // namespace

Session::Session(contract::EngineClient& client)
    : client_(client), modes_(client), limits_(std::make_unique<LimitControl>(*this)),
      tokens_(std::make_unique<TokenControl>(*this)), bans_(std::make_unique<BanControl>(*this))
{
    watch_ = client_.watch(kSnapshotEvery, [this](const contract::EngineClient::Snapshot& snapshot) {
        // 10,000 rows are 80,000 texts to free, which takes longer than all that is done with them here.
        auto before = std::exchange(live_, snapshot);
        const std::int64_t seenAtMs = before->atMs;
        QThreadPool::globalInstance()->start([old = std::move(before)]() mutable { old.reset(); });
        transfers_.update(*live_);
        endedTransfers_.add(live_->ended);
        // What was over before this console came is no news.
        if (auto finished = finishedDownloads(live_->ended, seenAtMs); seenAtMs > 0 && !finished.empty())
            Q_EMIT downloadsFinished(finished);
        QTimer::singleShot(0, this, &Session::snapshotCame); // what was clicked meanwhile comes first
    });
    connect(&folders_, &FolderTreeModel::folderWanted, this,
            [this](const QString& share, const QByteArray& path) {
                client_.run<contract::ListFolder>(
                    this, {share, path}, [this, share, path](const Result<contract::FolderListing>& listing) {
                        if (!listing) {
                            folders_.setUnreadable(share, path);
                            return failed(listing.error());
                        }
                        std::vector<QByteArray> names;
                        for (const contract::FolderEntry& entry : listing->entries)
                            if (entry.isFolder)
                                names.push_back(entry.name);
                        std::sort(names.begin(), names.end());
                        folders_.setFolders(share, path, names);
                    });
            });
    connect(&modes_, &Modes::notice, this, &Session::notice);
    // Another console or the command line may change things, too.
    refresh_.callOnTimeout(this, [this] {
        refreshShares();
        refreshLinks();
        refreshStatus();
        modes_.refresh();
    });
    refresh_.start(kRefreshEvery);
    refreshShares();
    refreshLinks();
    refreshStatus();
}

Session::~Session()
{
    flush();
}

void Session::failed(const Error& error)
{
    Q_EMIT notice({QString::fromStdString(error.message), {}, {}, 10s, true});
}

void Session::put(const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
}

void Session::copyText(const QString& text, const QString& said)
{
    put(text);
    Q_EMIT notice({said});
}

void Session::refreshShares()
{
    client_.run<contract::ListShares>(this, {}, [this](Result<std::vector<contract::Share>> shares) {
        if (!shares)
            return;
        const bool same = sharesKnown_ && *shares == shares_;
        shares_ = std::move(*shares);
        sharesKnown_ = true;
        if (!same)
            applyShares();
    });
}

void Session::applyShares()
{
    std::vector<contract::Share> shown;
    for (const contract::Share& share : shares_)
        if (!removals_.contains(share.name))
            shown.push_back(share);
    folders_.setShares(shown);
    Q_EMIT sharesChanged();
}

void Session::refreshLinks()
{
    if (fetchingLinks_)
        return;
    fetchingLinks_ = true;
    fetchLinks({}, std::make_shared<std::vector<contract::Link>>());
}

void Session::fetchLinks(const QString& after, std::shared_ptr<std::vector<contract::Link>> soFar)
{
    contract::ListLinks command;
    command.after = after;
    client_.run<contract::ListLinks>(this, command, [this, soFar](Result<contract::LinkPage> page) {
        if (!page) {
            fetchingLinks_ = false; // what is shown stays; the next round asks again
            return;
        }
        std::move(page->links.begin(), page->links.end(), std::back_inserter(*soFar));
        if (!page->next.isEmpty() && soFar->size() < kMostLinks)
            return fetchLinks(page->next, soFar);
        fetchingLinks_ = false;
        links_.setLinks(std::move(*soFar));
        linksKnown_ = true;
        Q_EMIT linksChanged();
    });
}

void Session::refreshStatus()
{
    client_.run<contract::GetStatus>(this, {}, [this](Result<contract::ServerStatus> status) {
        if (!status)
            return;
        status_ = std::move(*status);
        folders_.setProgress(status_.index);
        Q_EMIT statusChanged();
    });
}

void Session::copyNewLink(const QByteArray& target)
{
    contract::CreateLink command = lastRules_;
    command.target = target;
    client_.run<contract::CreateLink>(this, command, [this](const Result<contract::Link>& link) {
        if (!link)
            return failed(link.error());
        linkMade(*link);
    });
}

void Session::linkMade(const contract::Link& link)
{
    put(link.url);
    contract::Link shown = link;
    shown.url.clear();
    links_.setLink(shown);
    Q_EMIT linksChanged();
    // Rules that were taken over from another link are said, not only kept.
    Q_EMIT notice({tr("Link to %1 copied (%2)").arg(displayName(link.name), rulesText(link)), tr("Undo"),
                   [this, id = link.id] { revokeLinks({id}); }, kUndo});
}

void Session::copyLink(const QString& id)
{
    client_.run<contract::ShowLink>(this, {id}, [this](const Result<contract::Link>& link) {
        if (!link)
            return failed(link.error());
        if (link->url.isEmpty())
            return failed({ErrorCode::Expired,
                           tr("This link has no address any more: its key is retired.").toStdString(), 0});
        copyText(link->url, tr("Link to %1 copied").arg(displayName(link->name)));
    });
}

void Session::revokeLinks(const QStringList& ids)
{
    struct Round
    {
        int missing = 0;
        QStringList done;
    };
    auto round = std::make_shared<Round>();
    round->missing = static_cast<int>(ids.size());
    for (const QString& id : ids) {
        client_.run<contract::RevokeLink>(this, {id}, [this, round](const Result<contract::Link>& link) {
            if (link) {
                round->done += link->id;
                links_.setLink(*link);
            } else {
                failed(link.error());
            }
            if (--round->missing > 0 || round->done.isEmpty())
                return;
            Q_EMIT linksChanged();
            Q_EMIT notice({tr("%n link(s) revoked", nullptr, static_cast<int>(round->done.size())),
                           tr("Undo"), [this, done = round->done] { restoreLinks(done); }, kUndo});
        });
    }
}

void Session::setLastRules(const contract::CreateLink& rules)
{
    lastRules_ = reusable(rules);
    Q_EMIT lastRulesChanged();
}

namespace {

/// What sets everything that `change` changed back; the password stays.
contract::UpdateLink reverse(const contract::UpdateLink& change, const contract::Link& before)
{
    contract::UpdateLink back{before.id};
    if (change.expiry) {
        const std::int64_t left = before.expiresAt.value_or(0) - QDateTime::currentSecsSinceEpoch();
        back.expiry = contract::LinkExpiry{before.expiresAt ? contract::LinkExpiry::Kind::After
                                                            : contract::LinkExpiry::Kind::Never,
                                           std::chrono::seconds(std::max<std::int64_t>(1, left))};
    }
    if (change.maxDownloads)
        back.maxDownloads = before.maxDownloads.value_or(0);
    if (change.rate)
        back.rate = before.rate;
    if (change.concurrency)
        back.concurrency = before.concurrency;
    if (change.allow)
        back.allow = before.allow;
    if (change.note)
        back.note = before.note;
    if (change.page)
        back.page = before.page;
    return back;
}

} // namespace

void Session::updateLink(const contract::UpdateLink& change, const contract::Link& before,
                         std::function<void(const Result<contract::Link>&)> reply)
{
    client_.run<contract::UpdateLink>(
        this, change,
        [this, change, before, reply = std::move(reply)](const Result<contract::Link>& changed) {
            if (changed) {
                contract::Link shown = *changed;
                shown.url.clear();
                links_.setLink(shown);
                Q_EMIT linksChanged();
                Notice said{tr("The link to %1 is changed").arg(displayName(changed->name))};
                if (!change.password) {
                    said.actionText = tr("Undo");
                    said.time = kUndo;
                    said.action = [this, back = reverse(change, before), now = shown] {
                        contract::UpdateLink mine = back;
                        mine.version = now.version; // what another changed since is not undone
                        updateLink(mine, now);
                    };
                }
                Q_EMIT notice(said);
            } else if (!reply) {
                failed(changed.error());
            }
            if (reply)
                reply(changed);
        });
}

void Session::restoreLinks(const QStringList& ids)
{
    for (const QString& id : ids) {
        client_.run<contract::RestoreLink>(this, {id}, [this](const Result<contract::Link>& link) {
            if (!link)
                return failed(link.error());
            links_.setLink(*link);
            Q_EMIT linksChanged();
        });
    }
}

void Session::setPublic(const QString& share, bool isPublic)
{
    contract::UpdateShare change{share};
    change.isPublic = isPublic;
    for (const contract::Share& known : shares_)
        if (known.name == share)
            change.version = known.version;
    client_.run<contract::UpdateShare>(
        this, change, [this, isPublic](const Result<contract::Share>& changed) {
            if (!changed) {
                refreshShares();
                return failed(changed.error());
            }
            // At once, so that Undo changes the version that it takes back.
            std::replace_if(
                shares_.begin(), shares_.end(),
                [&changed](const contract::Share& known) { return known.name == changed->name; }, *changed);
            applyShares();
            Q_EMIT notice(
                {isPublic ? tr("Everybody who can reach this machine can read %1").arg(changed->name)
                          : tr("%1 needs a link now").arg(changed->name),
                 tr("Undo"), [this, name = changed->name, isPublic] { setPublic(name, !isPublic); }, kUndo});
        });
}

void Session::removeShare(const QString& name)
{
    if (removals_.contains(name))
        return;
    auto* timer = new QTimer(this);
    timer->setSingleShot(true);
    timer->callOnTimeout(this, [this, name] { finishRemoval(name); });
    timer->start(kUndo);
    removals_.insert(name, timer);
    applyShares();
    Q_EMIT notice({tr("%1 will not be shared any more in 10 seconds; its files stay").arg(name), tr("Undo"),
                   [this, name] {
                       delete removals_.take(name);
                       applyShares();
                   },
                   kUndo});
}

void Session::finishRemoval(const QString& name)
{
    removals_.value(name)->stop();
    client_.run<contract::RemoveShare>(
        this, {name}, [this, name](const Result<contract::RemovedShare>& removed) {
            removals_.take(name)->deleteLater();
            if (!removed) {
                applyShares();
                return failed(removed.error());
            }
            std::erase_if(shares_, [&name](const contract::Share& share) { return share.name == name; });
            applyShares();
            refreshLinks();
        });
}

void Session::flush()
{
    for (const QString& name : removals_.keys())
        if (removals_.value(name)->isActive())
            finishRemoval(name);
}

void Session::kick(const QStringList& connections)
{
    for (const QString& id : connections) {
        client_.run<contract::KickConnection>(this, {id},
                                              [this](const Result<contract::KickConnection::Answer>& ended) {
                                                  // It may have ended by itself in the meantime; then all is
                                                  // as wanted.
                                                  if (!ended && ended.error().code != ErrorCode::NotFound)
                                                      failed(ended.error());
                                              });
    }
    Q_EMIT notice({tr("%n transfer(s) ended", nullptr, static_cast<int>(connections.size()))});
}

// From paths to links: for each path in turn, a link where it lies in a share already, else a share and then
// a link.

struct Session::Batch
{
    std::deque<QByteArray> paths;
    QStringList urls;
    contract::Link last;
    int failures = 0;
};

void Session::sharePaths(const QStringList& paths)
{
    std::vector<QByteArray> targets;
    for (const QString& path : paths)
        targets.push_back(QFile::encodeName(QDir::cleanPath(path)));
    shareTargets(targets);
}

void Session::shareTargets(const std::vector<QByteArray>& paths)
{
    auto batch = std::make_shared<Batch>();
    batch->paths.assign(paths.begin(), paths.end());
    shareNext(batch);
}

void Session::shareNext(const std::shared_ptr<Batch>& batch)
{
    if (batch->paths.empty())
        return finishBatch(*batch);
    linkNext(batch);
}

void Session::linkNext(const std::shared_ptr<Batch>& batch)
{
    client_.run<contract::CreateLink>(this, {batch->paths.front()},
                                      [this, batch](const Result<contract::Link>& link) {
                                          if (!link && link.error().code == ErrorCode::NotFound)
                                              return addNext(batch, 1);
                                          batch->paths.pop_front();
                                          if (link) {
                                              batch->urls += link->url;
                                              batch->last = *link;
                                              contract::Link shown = *link;
                                              shown.url.clear();
                                              links_.setLink(shown);
                                          } else {
                                              ++batch->failures;
                                              failed(link.error());
                                          }
                                          shareNext(batch);
                                      });
}

void Session::addNext(const std::shared_ptr<Batch>& batch, int attempt)
{
    const QByteArray& path = batch->paths.front();
    client_.run<contract::AddShare>(this, {shareNameFor(displayName(path), attempt), path},
                                    [this, batch, attempt](const Result<contract::Share>& share) {
                                        if (share) {
                                            refreshShares();
                                            return linkNext(batch);
                                        }
                                        if (share.error().code == ErrorCode::AlreadyExists &&
                                            attempt < kMostNames)
                                            return addNext(batch, attempt + 1);
                                        ++batch->failures;
                                        failed(share.error());
                                        batch->paths.pop_front();
                                        shareNext(batch);
                                    });
}

void Session::finishBatch(Batch& batch)
{
    if (batch.urls.isEmpty())
        return;
    put(batch.urls.join(QLatin1Char('\n')));
    Q_EMIT linksChanged();
    const QString text =
        batch.urls.size() == 1
            ? tr("%1 is shared; its link is in the clipboard").arg(displayName(batch.last.name))
            : tr("%n link(s) are in the clipboard", nullptr, static_cast<int>(batch.urls.size()));
    Q_EMIT notice({text, {}, {}, 8s});
}

} // namespace spillway::ui
