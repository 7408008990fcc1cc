// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/auth/signedvalue.h"
#include "server/auth/tokens.h"
#include "server/body/pathresolver.h"
#include "server/catalog/records.h"
#include "server/policy/limitset.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace spillway::download {

/// A share as requests meet it.
struct ShareRule
{
    catalog::Share share;
    std::shared_ptr<body::ShareRoot> root;
    /// Names the root in file caches: another one when the share's folder or its dot file rule changes.
    std::int64_t rootNumber = 0;
    std::string cacheControl; ///< a whole Cache-Control line, for what needs no secret
};

/// How people sign in, from the settings.
struct SignInRules
{
    std::chrono::seconds lifetime{12 * 3600}; ///< of a cookie
    std::string
        basePath; ///< before "/s/" in the client's eyes: the path of public_url, without a "/" at its end
    std::string publicHost; ///< its host and port; empty: not set
};

/// Who may get what, as one immutable snapshot. A change makes a new one; requests under way keep theirs.
struct Rules
{
    std::map<std::string, std::shared_ptr<const ShareRule>, std::less<>> byName;
    std::unordered_map<catalog::ShareId, std::shared_ptr<const ShareRule>> byId;
    std::shared_ptr<const auth::KeyRing> keys = std::make_shared<const auth::KeyRing>();
    std::unordered_set<std::string>
        denied; ///< SHA-256 of canonical strings of presigned URLs that were taken back
    std::shared_ptr<const auth::TokenTable> tokens = std::make_shared<const auth::TokenTable>();
    std::shared_ptr<const auth::ValueSigner> signer; ///< of cookies and grants; never null from the engine
    std::shared_ptr<const policy::LimitSet> limits = std::make_shared<const policy::LimitSet>();
    SignInRules signIn;
};

/// Where the engine publishes rules and workers read them. Any thread. A worker asks for the epoch at each
/// request (one load) and fetches the snapshot only when it moved, so no lock is taken on the hot path.
class RulesBoard
{
public:
    void publish(std::shared_ptr<const Rules> rules);
    /// A record outside the snapshot (a link) changed: what workers concluded from it no longer holds.
    void invalidate() { epoch_.fetch_add(1, std::memory_order_release); }

    [[nodiscard]] std::uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }
    [[nodiscard]] std::shared_ptr<const Rules> rules() const;

private:
    std::atomic<std::uint64_t> epoch_{1};
    mutable std::mutex mutex_; ///< guards rules_
    std::shared_ptr<const Rules> rules_ = std::make_shared<const Rules>();
};

/// What a snapshot is made of.
struct RuleSources
{
    std::vector<catalog::Share> shares;
    std::shared_ptr<const auth::KeyRing> keys;
    std::unordered_set<std::string> denied;
    std::shared_ptr<const auth::ValueSigner> signer;
    std::shared_ptr<const policy::LimitSet> limits = std::make_shared<const policy::LimitSet>();
    std::vector<catalog::Token> tokens = {};
    SignInRules signIn = {};
};

/// From signin.lifetime and public_url.
[[nodiscard]] SignInRules signInRules(std::chrono::seconds lifetime, std::string_view publicUrl);

/// Builds a snapshot. Roots of `previous` are kept where their share still has the same folder, so open
/// descriptors and caches stay warm.
[[nodiscard]] std::shared_ptr<const Rules> buildRules(RuleSources sources, const Rules& previous,
                                                      const Clock& clock);

} // namespace spillway::download
