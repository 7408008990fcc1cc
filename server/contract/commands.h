// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/bans.h"
#include "server/contract/history.h"
#include "server/contract/limits.h"
#include "server/contract/logvalues.h"
#include "server/contract/modes.h"
#include "server/contract/receipts.h"
#include "server/contract/settings.h"
#include "server/contract/tokens.h"
#include "server/contract/top.h"
#include "server/contract/values.h"

#include <tuple>

// What a console can ask of a server. Each command is a value; `operation` is the row of the admin API's
// table (server/admin/operations.h) that it is, `Answer` what a success gives. A test holds AllCommands
// against that table, parameter by parameter.
namespace spillway::contract {

struct ListShares
{
    static constexpr const char* operation = "share.list";
    using Answer = std::vector<Share>;
};

struct AddShare
{
    static constexpr const char* operation = "share.add";
    using Answer = Share;
    QString name;
    QByteArray path;
    bool isPublic = false;
};

/// What is given changes, the rest stays.
struct UpdateShare
{
    static constexpr const char* operation = "share.update";
    using Answer = Share;
    QString name;
    std::optional<QString> newName = {};
    std::optional<bool> isPublic = {}, dotFiles = {}, listing = {};
    std::optional<QString> version = {}; ///< Stale where the share is another by now; none: whatever it is
};

struct RemoveShare
{
    static constexpr const char* operation = "share.remove";
    using Answer = RemovedShare;
    QString name;
};

struct ListFolder
{
    static constexpr const char* operation = "folder.list";
    using Answer = FolderListing;
    QString share;
    QByteArray path; ///< below the share; empty: the share itself
    int limit = 5000;
};

/// What could be shared of the server's machine by who is elsewhere: the setting share_roots.
struct BrowseFolders
{
    static constexpr const char* operation = "folder.browse";
    using Answer = FolderListing;
    QByteArray path = {}; ///< absolute; empty: the roots, whose names are their whole paths
    bool files = false;   ///< files, too
    int limit = 5000;
};

struct Search
{
    static constexpr const char* operation = "search";
    using Answer = FoundPage;
    QString text;
    std::optional<QString> share = {};
    int limit = 200;
};

struct ListLinks
{
    static constexpr const char* operation = "link.list";
    using Answer = LinkPage;
    bool all = true; ///< ended ones too
    QString after = {};
    int limit = 1000;
};

/// How long a link is good.
struct LinkExpiry
{
    enum class Kind : std::uint8_t
    {
        Default, ///< as the server's settings say
        Never,
        After
    } kind = Kind::Default;
    std::chrono::seconds after{0}; ///< of After
};

struct CreateLink
{
    static constexpr const char* operation = "link.create";
    using Answer = Link;
    QByteArray target; ///< "SHARE", "SHARE/PATH", or an absolute path in a share
    LinkExpiry expiry = {};
    QString note = {};
    bool page = true;
    std::int64_t maxDownloads = 0; ///< 0: no maximum
    QString password = {};         ///< empty: none
    QStringList allow = {};        ///< address blocks; none: everybody
    std::int64_t rate = 0;         ///< bytes per second; 0: no limit of its own
    std::int64_t concurrency = 0;  ///< downloads at a time; 0: no limit of its own
};

/// What is given changes, the rest stays; also for downloads that run.
struct UpdateLink
{
    static constexpr const char* operation = "link.update";
    using Answer = Link;
    QString id;
    std::optional<LinkExpiry> expiry = {}; ///< from now on; Default: it stays
    std::optional<std::int64_t> maxDownloads = {}, rate = {}, concurrency = {}; ///< as CreateLink has them
    std::optional<QString> password = {};                                       ///< empty: taken away
    std::optional<QStringList> allow = {};
    std::optional<QString> note = {};
    std::optional<bool> page = {};
    std::optional<QString> version = {}; ///< Stale where the link is another by now; none: whatever it is
};

struct ShowLink
{
    static constexpr const char* operation = "link.show";
    using Answer = Link;
    QString id;
};

struct RevokeLink
{
    static constexpr const char* operation = "link.revoke";
    using Answer = Link;
    QString id;
};

/// Takes a revocation back.
struct RestoreLink
{
    static constexpr const char* operation = "link.restore";
    using Answer = Link;
    QString id;
};

struct GetStatus
{
    static constexpr const char* operation = "status";
    using Answer = ServerStatus;
};

struct ListTransfers
{
    static constexpr const char* operation = "connection.list";
    using Answer = TransferList;
};

struct KickConnection
{
    static constexpr const char* operation = "connection.kick";
    struct Answer
    {
        QString id;
    };
    QString id;
};

using AllCommands =
    std::tuple<ListShares, AddShare, UpdateShare, RemoveShare, ListFolder, BrowseFolders, Search, ListLinks,
               CreateLink, ShowLink, RevokeLink, RestoreLink, GetStatus, ListTransfers, KickConnection,
               // rules: limits, tokens, bans, and a link's own
               UpdateLink, LinkReceipts, ListLimits, SetLimit, ListTokens, CreateToken, RevokeToken, ListBans,
               GetBanRules, AddBan, LiftBan,
               // Modes and settings
               ShowModes, SetMode, ListSettings, SetSetting, ResetSetting,
               // The logs
               ListAudit, VerifyAudit, ListLog,
               // What it did lately
               GetHistory, GetTop>;

} // namespace spillway::contract
