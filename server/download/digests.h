// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/body/pathresolver.h"
#include "server/catalog/index/fileindex.h"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace spillway::download {

/// SHA-256 of shared files, as they are now: from the index where it has it, else computed on threads of its
/// own, once for all who ask meanwhile.
///
///     ask ─ known here ─────────────────────────────────► done
///        └─ index: size, mtime, inode, and no change since ─► done
///             └─ Effort::Computed, up to `mostBytes`: job[version] ─ step ─ step ─► done
///
/// Thread-safe; `done` runs once, on any thread, maybe before ask() returns. What was computed is kept, the
/// last `kept` of it. Errors have no words here: a digest is there or it is not.
class Digests
{
public:
    struct Options
    {
        std::size_t threads = 2;
        std::size_t queue = 64; ///< computations that wait for a thread
        std::uint64_t mostBytes = 1U << 30;
        std::size_t kept = 16'384;
    };
    struct File
    {
        catalog::ShareId share = 0;
        std::shared_ptr<body::ShareRoot> root;
        std::string path; ///< below the share
        body::FileFacts facts;
    };
    enum class Effort : std::uint8_t
    {
        Known,
        Computed
    };
    enum class Verdict : std::uint8_t
    {
        Found,
        Unknown,   ///< nobody has computed it; with Effort::Computed: the file is too large
        Busy,      ///< too many are computed now
        Unreadable ///< it cannot be read, or it changed meanwhile
    };
    struct Answer
    {
        Verdict verdict = Verdict::Unknown;
        std::string sha256; ///< 32 bytes where found
    };
    using Done = std::function<void(const Answer&)>;

    /// `index` may be null; its threads may still call back after stop(), so this outlives it.
    Digests(Options options, catalog::FileIndex* index);
    ~Digests() { stop(); }
    Digests(const Digests&) = delete;
    Digests& operator=(const Digests&) = delete;
    /// Ends the threads; what would be computed is Busy from now on.
    void stop();

    void ask(const File& file, Effort effort, Done done);

    struct Counters
    {
        std::uint64_t computed = 0;
        std::uint64_t refused = 0; ///< computations that found the queue full
    };
    [[nodiscard]] Counters counters() const;

private:
    struct Job;
    /// Device, inode, and a number for the rest.
    struct Key
    {
        std::uint64_t device = 0, inode = 0, version = 0;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct Hash
    {
        std::size_t operator()(const Key& key) const noexcept { return key.version ^ key.inode; }
    };
    [[nodiscard]] static Key keyOf(const body::FileFacts& facts);
    void compute(const File& file, Done done);
    void run(const std::shared_ptr<Job>& job);
    void finish(const Job& job, const Answer& answer);
    void keep(const Key& key, const std::string& sha256);

    const Options options_;
    catalog::FileIndex* const index_;

    mutable std::mutex mutex_; ///< guards what follows, but pool_'s end
    bool stopping_ = false;
    std::unordered_map<Key, std::string, Hash> known_;
    std::deque<Key> order_; ///< of known_, the oldest first
    std::unordered_map<Key, std::shared_ptr<Job>, Hash> jobs_;
    Counters counters_;
    std::optional<BlockingPool> pool_;
    BlockingPool& threads_; ///< the same, also for its own threads while it ends
};

/// "sha-256=:…:", the value of Repr-Digest (RFC 9530 §3) for a digest of 32 bytes.
[[nodiscard]] std::string digestField(std::string_view sha256);
/// In hexadecimal.
[[nodiscard]] std::string digestText(std::string_view sha256);
/// A line as sha256sum writes it, for a name of any bytes.
[[nodiscard]] std::string digestLine(std::string_view sha256, std::string_view name);
/// Whether a Want-Repr-Digest (RFC 9530 §4) asks for sha-256: a weight from 1 to 10, the last one counts.
[[nodiscard]] bool wantsSha256(std::string_view wantReprDigest);

} // namespace spillway::download
