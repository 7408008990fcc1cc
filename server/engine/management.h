// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/directory.h"
#include "server/catalog/catalog.h"
#include "server/config/settings.h"
#include "server/engine/modecontrol.h"
#include "server/engine/publicurl.h"
#include "server/engine/sharetarget.h"
#include "server/engine/tokeninfo.h"
#include "server/policy/banbook.h"

#include <functional>
#include <mutex>

namespace spillway::engine {

/// How long something is good.
struct Expiry
{
    enum class Kind : std::uint8_t
    {
        Default, ///< as links.default_expiry says
        Never,
        After
    } kind = Kind::Default;
    std::chrono::seconds after{0}; ///< of After: more than 0

    /// "never" or a duration.
    [[nodiscard]] static Result<Expiry> parse(std::string_view text);
};

class Engine;
class SettingsControl;
struct LimitInfo;
struct LimitChange;

struct NewShare
{
    std::string name;
    std::string path; ///< absolute
    bool isPublic = false;
    bool showDotFiles = false;
    bool listing = true;
    std::optional<std::chrono::seconds> cacheMaxAge; ///< none: shares.cache_max_age
    bool inRoots = false; ///< only what lies in share_roots: for who asks from elsewhere
};

/// What is given changes, the rest stays.
struct ShareChange
{
    std::optional<std::string> name, path;
    std::optional<bool> isPublic, showDotFiles, listing;
    std::optional<std::chrono::seconds> cacheMaxAge;
    bool inRoots = false; ///< of `path`, as NewShare has it
};

struct RemovedShare
{
    catalog::Share share;
    std::size_t links = 0; ///< that ended with it
};

struct FolderContents
{
    std::vector<body::DirectoryEntry> entries;
    bool truncated = false; ///< there are more than were asked for
};

/// Rules of a link; what is given holds, the rest stays (of a new link: there is none).
struct LinkRules
{
    std::optional<Expiry> expiry;                  ///< from now on
    std::optional<std::int64_t> maxDownloads;      ///< 0: no maximum
    std::optional<std::string> password;           ///< empty: none
    std::optional<std::vector<std::string>> allow; ///< CIDR blocks; none: everybody
    std::optional<BytesPerSecond> rate;            ///< 0: no limit of its own
    std::optional<std::int64_t> concurrency;       ///< downloads at a time; 0: no limit of its own
    std::optional<std::string> note;               ///< at most 1000 bytes of UTF-8
    std::optional<bool> page;
};

/// Where a caller may touch links: only in these shares; none: everywhere. What lies elsewhere is NotFound.
using ShareBounds = std::optional<std::vector<catalog::ShareId>>;

struct NewLink
{
    std::string target; ///< see findTarget()
    Expiry expiry;
    std::string note; ///< at most 1000 bytes of UTF-8
    bool page = true;
    LinkRules rules = {}; ///< those that are there go before the three above
    ShareBounds within = {};
};

enum class LinkState : std::uint8_t
{
    Active,
    UsedUp, ///< it still opens for those it was counted for
    Expired,
    Revoked,
    KeyRetired
};
[[nodiscard]] const char* linkStateName(LinkState state); ///< "active", "key-retired"

struct LinkInfo
{
    catalog::Link link;
    std::string share;
    LinkState state = LinkState::Active;
    std::string url; ///< empty in lists, and where the key is retired
};

struct LinkQuery
{
    std::optional<std::string> share; ///< by name
    bool all = false;                 ///< expired, revoked and key-retired ones too
    std::string search;               ///< part of id, name, path or note
    std::string after;                ///< the id that ended the page before
    std::int64_t limit = 100;         ///< 1 to 1000
    ShareBounds within = {};
};

struct LinkPage
{
    std::vector<LinkInfo> links; ///< newest first
    std::string next;            ///< `after` of the next page; empty: this was the last
};

/// Who took a link, the newest first.
struct ReceiptPage
{
    std::vector<catalog::Receipt> receipts;
    std::int64_t next = 0; ///< `after` of the next page; 0: this was the last
};

struct NewPresigned
{
    std::string target;
    Expiry expiry;
    std::vector<std::string> allow; ///< CIDR blocks; none: everybody
    BytesPerSecond rate;            ///< 0: no limit of its own
    ShareBounds within = {};
};

struct Presigned
{
    std::string url;
    std::string share, path;
    bool isFolder = false;
    std::optional<std::int64_t> expiresAt;
    std::string keyId;
};

struct Denied
{
    std::string digest; ///< SHA-256 of what the URL signs, hexadecimal
    std::optional<std::int64_t> expiresAt;
};

struct NewToken
{
    std::string name; ///< 1 to 100 bytes
    std::uint8_t scopes = 0;
    std::vector<std::string> shares; ///< by name; none: all. Only for download, list and share
    Expiry expiry;                   ///< Default: it does not expire
};

struct KeyInfo
{
    std::string id;
    std::int64_t createdAt = 0;
    std::optional<std::int64_t> retiredAt;
    bool current = false;
};

struct NewBan
{
    std::string address;                            ///< IPv4, IPv6, or an IPv6 /64
    std::optional<std::chrono::seconds> lasts = {}; ///< none: for ever; else more than 0
    std::string reason = {};                        ///< at most 200 bytes of UTF-8; empty: "by hand"
};

/// What a running server has that changes must reach at once; all null where none runs.
struct ServingParts
{
    policy::BanBook* bans = nullptr;
    ModeControl* modes = nullptr;
    std::function<void()> drain{}; ///< begins the end of the server, as SIGTERM does
};

struct ModeChange
{
    std::vector<ModeState> modes; ///< all, as they are now
    bool kept = true;             ///< false: it ends with this process, because it could not be written
    std::string problem;          ///< why not
};

/// What may change while the server runs.
struct ManagementSettings
{
    std::chrono::seconds linkExpiry{7 * 86400}; ///< 0: links do not expire
    std::chrono::seconds cacheMaxAge{3600};
    std::function<std::string()> publicUrl; ///< see publicUrlSource()
    std::vector<std::string> shareRoots{};

    [[nodiscard]] static ManagementSettings from(const config::Settings& settings, Listening listening = {});
};

/// What can be done to shares, links and keys: the one implementation behind the admin API, the window and
/// the command line without a server.
///
/// Any thread but a worker's or the catalog's: every call waits for the catalog and may read the disk.
/// Changes run one after the other. When a change returns it is on the disk and in force: `rulesChanged` has
/// been called for shares, keys and denied URLs, and links are read anew through the catalog's change hook.
/// Where only `rulesChanged` failed, the error is Unavailable and says that the change was saved.
///
/// Errors are Result's codes with a sentence for people: InvalidArgument, NotFound, AlreadyExists, Conflict,
/// PermissionDenied, and the catalog's Busy, Exhausted, Unavailable, Io. No message holds a secret or a
/// signature.
class Management
{
public:
    /// `dataFolder` may not be shared. `rulesChanged` may be empty (nothing serves). All references outlive
    /// this.
    Management(catalog::Catalog& catalog, const Clock& clock, std::string dataFolder,
               ManagementSettings settings, std::function<Result<void>()> rulesChanged,
               ServingParts serving = {});

    /// For a server: its catalog, its rules. Before start() printed URLs have the configured ports;
    /// setSettings() later.
    [[nodiscard]] static Management of(Engine& engine);

    void setSettings(ManagementSettings settings);
    [[nodiscard]] std::string publicUrl() const;
    [[nodiscard]] std::vector<std::string> shareRoots() const;
    /// What reads and changes the settings of this process; null where nobody gave one. Set before anybody
    /// else has this.
    void setSettingsControl(SettingsControl* control) { settingsControl_ = control; }
    [[nodiscard]] SettingsControl* settingsControl() const { return settingsControl_; }

    [[nodiscard]] Result<catalog::Share> addShare(const NewShare& share);
    [[nodiscard]] Result<std::vector<catalog::Share>> listShares();
    [[nodiscard]] Result<catalog::Share> updateShare(const std::string& name, const ShareChange& change);
    [[nodiscard]] Result<RemovedShare> removeShare(const std::string& name);
    /// What is in a folder of a share as its readers would see it, folders first, each kind by name. At most
    /// `most` entries are read and sorted (1 to 20000), in the order the file system has them. Blocks on the
    /// disk.
    [[nodiscard]] Result<FolderContents> listFolder(const std::string& share, const std::string& path,
                                                    std::int64_t most);
    /// What could be shared of a folder in share_roots; of an empty `path` the roots themselves, by their
    /// whole paths. Folders, and files where they are asked for, sorted as listFolder() does; no dot files,
    /// nothing of the data folder, nothing that a symlink leads out of the root to. PermissionDenied: not in
    /// a root.
    [[nodiscard]] Result<FolderContents> browseRoots(const std::string& path, bool files, std::int64_t most);

    [[nodiscard]] Result<LinkInfo> createLink(const NewLink& link);
    [[nodiscard]] Result<LinkPage> listLinks(const LinkQuery& query);
    [[nodiscard]] Result<LinkInfo> showLink(const std::string& id); ///< with its URL, which is a secret
    [[nodiscard]] Result<LinkInfo> updateLink(const std::string& id, const LinkRules& rules);
    [[nodiscard]] Result<LinkInfo> revokeLink(const std::string& id);
    /// Undoes revokeLink(): the same URL works again, as far as its other rules let it.
    [[nodiscard]] Result<LinkInfo> restoreLink(const std::string& id);
    /// NotFound where there is no such link, or it lies in another share.
    [[nodiscard]] Result<void> checkLink(const std::string& id, const ShareBounds& within);
    /// `after`: `next` of the page before, 0 for the first. `limit`: 1 to 1000. What a server has not saved
    /// yet (download::Recipients::save) is not in it.
    [[nodiscard]] Result<ReceiptPage> linkReceipts(const std::string& id, std::int64_t after,
                                                   std::int64_t limit);

    [[nodiscard]] Result<Presigned> presign(const NewPresigned& request);
    /// The URL must be one of ours: its key known, its signature right. Again on the same URL is fine.
    [[nodiscard]] Result<Denied> denyPresigned(const std::string& url, const std::string& note,
                                               const ShareBounds& within = {});

    /// With its text, which nobody can show again. In force when it returns, as is a revocation: running
    /// downloads by it end within a second.
    [[nodiscard]] Result<TokenInfo> createToken(const NewToken& token);
    [[nodiscard]] Result<std::vector<TokenInfo>> listTokens(); ///< oldest first
    [[nodiscard]] Result<TokenInfo> revokeToken(const std::string& id);

    /// See limitinfo.h. NotFound where the share, token or link is not there; InvalidArgument for a subject
    /// or a field that the level does not have.
    [[nodiscard]] Result<std::vector<LimitInfo>> listLimits();
    [[nodiscard]] Result<LimitInfo> showLimit(policy::LimitLevel level, const std::string& id);
    [[nodiscard]] Result<LimitInfo> setLimit(policy::LimitLevel level, const std::string& id,
                                             const std::vector<LimitChange>& changes);

    [[nodiscard]] Result<std::vector<KeyInfo>> listKeys();
    [[nodiscard]] Result<KeyInfo> rotateKey();
    [[nodiscard]] Result<KeyInfo> retireKey(const std::string& id); ///< Conflict for the current one
    /// The secret in hexadecimal, for a program that makes presigned URLs. Conflict for a retired key.
    [[nodiscard]] Result<std::string> exportKey(const std::string& id);

    /// Those in force, by address.
    [[nodiscard]] Result<std::vector<catalog::Ban>> listBans();
    /// InvalidArgument for what is no single address or /64, and for loopback.
    [[nodiscard]] Result<catalog::Ban> addBan(const NewBan& ban);
    /// NotFound where it is not banned.
    [[nodiscard]] Result<catalog::Ban> liftBan(const std::string& address);

    /// Without a server: those that can be set, none active.
    [[nodiscard]] Result<std::vector<ModeState>> listModes();
    /// By hand, until it is taken back; it outlives the server. "normal" takes all back. Works, for this
    /// process, where the catalog cannot be written. InvalidArgument for what is no mode.
    [[nodiscard]] Result<ModeChange> setMode(const std::string& name, HandSetting setting);

private:
    [[nodiscard]] ManagementSettings settings() const;
    [[nodiscard]] Result<void> apply();
    [[nodiscard]] Result<ModeChange> drain();
    [[nodiscard]] std::optional<std::int64_t> expiresAt(const Expiry& expiry) const;
    [[nodiscard]] Result<std::string> pathToShare(const std::string& path, bool inRoots) const;
    [[nodiscard]] Result<ShareTarget> targetOf(const std::string& text, const ShareBounds& within);
    [[nodiscard]] Result<void> changeRules(catalog::Link& link, const LinkRules& rules) const;
    [[nodiscard]] Result<LinkInfo> withUrl(catalog::Link link, std::string share);

    catalog::Catalog& catalog_;
    const Clock& clock_;
    const std::string dataFolder_;
    const std::function<Result<void>()> rulesChanged_;
    const ServingParts serving_;
    SettingsControl* settingsControl_ = nullptr;
    std::mutex changes_; ///< one change at a time, so that rules are never published out of order
    mutable std::mutex settingsMutex_; ///< guards settings_
    ManagementSettings settings_;
};

/// What was set by hand and is kept in the catalog.
[[nodiscard]] Result<std::vector<std::pair<observe::Mode, HandSetting>>>
storedModes(catalog::Session& session);

} // namespace spillway::engine
