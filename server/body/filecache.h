// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/body/frequencysketch.h"
#include "server/body/mediatype.h"
#include "server/body/openfile.h"
#include "server/observe/metrics.h"

#include <array>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

// One map, two lists through the same entries:
//
//     entries_  (share, path) → CachedFile ── recent_: every entry, most recently used first; its end leaves
//     when the
//                                   │          number of entries (open descriptors) reaches its bound
//                                   └──────── hot_: those that hold their bytes; its end loses them to a
//                                   newcomer that
//                                              is asked for more often (TinyLFU admission), when the byte
//                                              budget is full
//
// An entry that left, or that the disk has overtaken, has no slot any more; answers that still send from it
// keep it alive.
namespace spillway::body {

/// A complete answer in one piece, made by the layer above for a hot file: head, then body.
struct ReadyAnswer
{
    std::string bytes;
    std::size_t headLength = 0;
    std::size_t dateOffset = 0;
    std::int64_t dateSecond = 0;
};

struct FileSlot;

/// An open file with what answers need of it. On its worker's thread only.
struct CachedFile
{
    FileSlot* slot = nullptr; ///< its place in the cache; null once it is stale
    std::shared_ptr<OpenFile> file;
    std::string mediaType;
    std::string name;                         ///< its last component, for Content-Disposition
    std::shared_ptr<const std::string> bytes; ///< the content where it is hot and no `ready` holds it yet
    bool hot = false;
    Monotonic checkedAt{};
    std::uint64_t hash = 0;
    /// One for each audience (public, secret), made at the first use by who knows the fields.
    std::array<std::shared_ptr<ReadyAnswer>, 2> ready;

    /// The content of a hot file, with what keeps it in memory.
    [[nodiscard]] net::Segment content() const;
    std::string digest;      ///< the value of Repr-Digest; empty: not known
    Monotonic digestAskAt{}; ///< when it is worth asking for it, again where it was not known
    /// The digest is known: ready answers are made anew with it.
    void setDigest(std::string value);
    /// Keeps a ready answer, which holds the content from now on.
    void setReady(std::size_t audience, std::shared_ptr<ReadyAnswer> answer);
};

/// The open files of one worker, found by share and path. Opens, stats and reads run on the pool; find() and
/// load() return at once. An entry is good for `revalidate`; when half of that has gone, the next use looks
/// at the disk in the background, so a busy file is never waited for. Worker thread only; must outlive
/// nothing that it gave to the pool (the engine ends the pool first).
class FileCache
{
public:
    struct Options
    {
        std::size_t entries = 4096;          ///< open files
        std::uint64_t hotBytes = 64U << 20;  ///< for contents kept in memory, this worker's part
        std::uint64_t hotFileMax = 64 << 10; ///< larger files are sent by sendfile
        std::chrono::milliseconds revalidate{1000};
    };
    /// Null with NotFound, PermissionDenied, Unavailable, Exhausted… or null without an error: it is a
    /// folder.
    using Done = std::function<void(const std::shared_ptr<CachedFile>&, const Error*)>;

    FileCache(Options options, BlockingPool& pool, Preloader& preloader, MediaTypes& types, Post post,
              const Clock& clock, observe::WorkerCounters& counters);
    ~FileCache();
    FileCache(const FileCache&) = delete;
    FileCache& operator=(const FileCache&) = delete;

    /// A usable entry, or null. `share` names the root: a root that was replaced has another number.
    [[nodiscard]] std::shared_ptr<CachedFile> find(std::int64_t share, std::string_view path, Monotonic now);
    /// For who kept an entry: is it still good now? Counts as a use.
    [[nodiscard]] bool use(CachedFile& entry, Monotonic now);
    /// Opens the file (one open for all who ask meanwhile), then calls `done` on this worker, never from
    /// inside. False where the pool is full.
    [[nodiscard]] bool load(std::int64_t share, const std::shared_ptr<ShareRoot>& root, std::string_view path,
                            Done done);
    /// The disk has overtaken it: the next request for it opens the file anew.
    void forget(CachedFile& entry);
    void clear();

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

private:
    struct Key
    {
        std::int64_t share = 0;
        std::string path;
    };
    struct KeyView
    {
        std::int64_t share = 0;
        std::string_view path;
    };
    struct Hash
    {
        using is_transparent = void;
        [[nodiscard]] std::size_t operator()(const KeyView& key) const noexcept;
        [[nodiscard]] std::size_t operator()(const Key& key) const noexcept
        {
            return (*this)(KeyView{key.share, key.path});
        }
    };
    struct Equal
    {
        using is_transparent = void;
        template<class A, class B>
        bool operator()(const A& a, const B& b) const noexcept
        {
            return a.share == b.share && std::string_view(a.path) == std::string_view(b.path);
        }
    };
    friend struct FileSlot;
    using Slot = FileSlot;
    using Map = std::unordered_map<Key, std::unique_ptr<Slot>, Hash, Equal>;
    struct Loaded;
    static void readFile(Loaded& loaded, MediaTypes& types, const std::string& path, std::uint64_t hotFileMax,
                         const FileFacts* known);

    [[nodiscard]] bool startLoad(const Key& key, Slot& slot);
    void finishLoad(const Key& key, Loaded& loaded);
    void adopt(Slot& slot, std::shared_ptr<CachedFile> file);
    [[nodiscard]] bool makeRoom(std::uint64_t bytes, std::uint64_t hash);
    void dropBytes(Slot& slot);
    void detach(Slot& slot);
    void touch(Slot& slot);

    const Options options_;
    BlockingPool& pool_;
    Preloader& preloader_;
    MediaTypes& types_;
    const Post post_;
    const Clock& clock_;
    observe::WorkerCounters& counters_;
    FrequencySketch sketch_;
    Map entries_;
    std::list<Slot*> recent_;
    std::list<Slot*> hot_;
    std::uint64_t hotBytes_ = 0;
    /// Tells tasks that come back from the pool whether this still lives (it is destroyed on the thread they
    /// run on).
    std::shared_ptr<FileCache*> alive_;
};

} // namespace spillway::body
