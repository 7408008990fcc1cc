// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/engineclient.h"
#include "server/contract/sharename.h"
#include "ui/models/foldertreemodel.h"
#include "ui/models/linksmodel.h"
#include "ui/models/transferhistorymodel.h"
#include "ui/models/transfersmodel.h"
#include "ui/session/modes.h"

#include <QtCore/QSet>
#include <QtCore/QTimer>
#include <deque>

namespace spillway::ui {

class BanControl;
class LimitControl;
class TokenControl;

/// A line that the window shows for a few seconds, with at most one thing to press.
struct Notice
{
    QString text;
    QString actionText = {};
    std::function<void()> action = {};
    std::chrono::milliseconds time{6000};
    bool bad = false;
};

/// What one console knows of one server, and what it does to it. Lives as long as the console, longer than
/// its window (a change of language makes a new one); the models are here, so a page is only a view.
///
/// On the console's thread. Whatever changes something says so by notice(), failures too. Undo, for ten
/// seconds: a revoked link is dead at once, and undo brings it back; a removed share is gone from the window
/// at once but from the server only after the ten seconds (its links could not be brought back), or at once
/// when the console ends (docs/decisions/0010-console.md).
class Session : public QObject
{
    Q_OBJECT
public:
    static constexpr std::chrono::milliseconds kUndo{10'000};

    explicit Session(contract::EngineClient& client);
    ~Session() override;

    [[nodiscard]] contract::EngineClient& client() { return client_; }
    [[nodiscard]] LinksModel& links() { return links_; }
    [[nodiscard]] TransfersModel& transfers() { return transfers_; }
    [[nodiscard]] TransferHistoryModel& endedTransfers() { return endedTransfers_; }
    [[nodiscard]] FolderTreeModel& folders() { return folders_; }
    [[nodiscard]] Modes& modes() { return modes_; }
    [[nodiscard]] LimitControl& limits() { return *limits_; }
    [[nodiscard]] TokenControl& tokens() { return *tokens_; }
    [[nodiscard]] BanControl& bans() { return *bans_; }
    [[nodiscard]] const contract::LiveSnapshot& live() const { return *live_; }
    [[nodiscard]] const contract::ServerStatus& status() const { return status_; }
    [[nodiscard]] const std::vector<contract::Share>& shares() const { return shares_; }
    [[nodiscard]] bool sharesKnown() const { return sharesKnown_; } ///< asked and answered
    [[nodiscard]] bool linksKnown() const { return linksKnown_; }

    void refreshShares();
    void refreshLinks();
    void refreshStatus();

    /// Shares files and folders of this machine and copies a link for each: the way from a drop to the
    /// clipboard. What lies in a share already gets a link and no share of its own.
    void sharePaths(const QStringList& paths);
    /// The same of the server's machine, by absolute paths.
    void shareTargets(const std::vector<QByteArray>& paths);
    /// A link with the rules of the last one, in the clipboard.
    void copyNewLink(const QByteArray& target);
    /// The URL of a link that exists.
    void copyLink(const QString& id);
    void revokeLinks(const QStringList& ids);
    /// Says so, with undo where that is possible (nobody can bring back a password). `reply` may be empty:
    /// then a failure is a notice.
    void updateLink(const contract::UpdateLink& change, const contract::Link& before,
                    std::function<void(const Result<contract::Link>&)> reply = {});
    /// What "Copy link" and the dialog begin with.
    [[nodiscard]] const contract::CreateLink& lastRules() const { return lastRules_; }
    void setLastRules(const contract::CreateLink& rules);
    void setPublic(const QString& share, bool isPublic);
    void removeShare(const QString& name);
    void kick(const QStringList& connections);
    /// A link that was just made goes into the clipboard and the table.
    void linkMade(const contract::Link& link);
    void copyText(const QString& text, const QString& said);
    void failed(const Error& error); ///< says so

    /// Does now what waits for its undo.
    void flush();

Q_SIGNALS:
    void notice(const spillway::ui::Notice& notice);
    void snapshotCame(); ///< live() and the models are newer
    void downloadsFinished(const std::vector<spillway::contract::Transfer>& downloads); ///< worth a word
    void sharesChanged();
    void linksChanged();
    void statusChanged();
    void lastRulesChanged();

private:
    struct Batch;
    void fetchLinks(const QString& after, std::shared_ptr<std::vector<contract::Link>> soFar);
    void applyShares();
    void shareNext(const std::shared_ptr<Batch>& batch);
    void linkNext(const std::shared_ptr<Batch>& batch);
    void addNext(const std::shared_ptr<Batch>& batch, int attempt);
    void finishBatch(Batch& batch);
    void restoreLinks(const QStringList& ids);
    void finishRemoval(const QString& name);
    void put(const QString& text);

    contract::EngineClient& client_;
    LinksModel links_;
    TransfersModel transfers_;
    TransferHistoryModel endedTransfers_;
    FolderTreeModel folders_;
    Modes modes_;
    std::unique_ptr<LimitControl> limits_;
    std::unique_ptr<TokenControl> tokens_;
    std::unique_ptr<BanControl> bans_;
    contract::CreateLink lastRules_;
    contract::EngineClient::Snapshot live_ = std::make_shared<const contract::LiveSnapshot>();
    contract::ServerStatus status_;
    std::vector<contract::Share> shares_; ///< those that are being removed, too
    QHash<QString, QTimer*> removals_;    ///< by share
    bool sharesKnown_ = false, linksKnown_ = false;
    bool fetchingLinks_ = false;
    QTimer refresh_;
    std::unique_ptr<contract::EngineClient::Watch> watch_;
};

using contract::shareNameFor;

} // namespace spillway::ui
