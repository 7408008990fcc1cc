// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/filecache.h"

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::body {

struct FileSlot
{
    const FileCache::Key* key = nullptr; ///< the map's own, stable
    std::shared_ptr<ShareRoot> root;
    std::shared_ptr<CachedFile> file; ///< null while the first load is under way
    std::vector<FileCache::Done> waiting;
    bool loading = false;
    bool inHot = false;
    std::list<FileSlot*>::iterator recent, hot; ///< recent: valid while `file`; hot: while inHot
};

/// What a pool thread brings back.
struct FileCache::Loaded
{
    OpenedPath opened;
    std::string bytes, mediaType;
    std::optional<Error> error;
    bool folder = false;
    bool same = false; ///< the file that is known already
    bool hot = false;
};

net::Segment CachedFile::content() const
{
    for (const auto& answer : ready)
        if (answer)
            return net::Segment::memory(answer, std::string_view(answer->bytes).substr(answer->headLength));
    return net::Segment::memory(bytes, *bytes);
}

void CachedFile::setDigest(std::string value)
{
    digest = std::move(value);
    digestAskAt = Monotonic::max();
    if (hot && !bytes) {
        const net::Segment kept = content();
        bytes = std::make_shared<const std::string>(kept.data, kept.length);
    }
    ready = {};
}

void CachedFile::setReady(std::size_t audience, std::shared_ptr<ReadyAnswer> answer)
{
    ready[audience] = std::move(answer);
    bytes.reset();
}

std::size_t FileCache::Hash::operator()(const KeyView& key) const noexcept
{
    return std::hash<std::string_view>{}(key.path) ^
           (static_cast<std::size_t>(key.share) * 0x9e3779b97f4a7c15ULL);
}

FileCache::FileCache(Options options, BlockingPool& pool, Preloader& preloader, MediaTypes& types, Post post,
                     const Clock& clock, observe::WorkerCounters& counters)
    : options_(options), pool_(pool), preloader_(preloader), types_(types), post_(std::move(post)),
      clock_(clock), counters_(counters), sketch_(options.entries), alive_(std::make_shared<FileCache*>(this))
{
}

FileCache::~FileCache()
{
    *alive_ = nullptr;
    clear();
}

std::shared_ptr<CachedFile> FileCache::find(std::int64_t share, std::string_view path, Monotonic now)
{
    const auto at = entries_.find(KeyView{share, path});
    if (at == entries_.end() || !at->second->file) {
        counters_.add(observe::Counter::FileCacheMiss);
        return nullptr;
    }
    return use(*at->second->file, now) ? at->second->file : nullptr;
}

bool FileCache::use(CachedFile& entry, Monotonic now)
{
    if (!entry.slot)
        return false;
    Slot& slot = *entry.slot;
    const auto age = now - entry.checkedAt;
    if (age > options_.revalidate)
        return false;
    if (age > options_.revalidate / 2 && !slot.loading)
        (void)startLoad(*slot.key, slot); // a full pool: the entry runs out, and then somebody waits for it
    touch(slot);
    counters_.add(observe::Counter::FileCacheHit);
    return true;
}

bool FileCache::load(std::int64_t share, const std::shared_ptr<ShareRoot>& root, std::string_view path,
                     Done done)
{
    auto at = entries_.find(KeyView{share, path});
    if (at == entries_.end()) {
        at = entries_.emplace(Key{share, std::string(path)}, std::make_unique<Slot>()).first;
        at->second->key = &at->first;
    }
    Slot& slot = *at->second;
    slot.root = root;
    if (!slot.loading && !startLoad(at->first, slot)) {
        if (!slot.file)
            entries_.erase(at);
        return false;
    }
    slot.waiting.push_back(std::move(done));
    return true;
}

bool FileCache::startLoad(const Key& key, Slot& slot)
{
    if (slot.file)
        counters_.add(observe::Counter::FileCacheRevalidate);
    std::optional<FileFacts> known;
    // A small file that is known but not hot is read again: it may have become popular enough meanwhile.
    if (slot.file && (slot.file->hot || slot.file->file->size() > options_.hotFileMax))
        known = slot.file->file->facts();
    auto task = [alive = std::weak_ptr(alive_), post = post_, root = slot.root, key, known,
                 hotMax = options_.hotFileMax, types = &types_] {
        auto loaded = std::make_shared<Loaded>();
        auto opened = root->open(key.path);
        if (!opened) {
            loaded->error = opened.error();
        } else if (opened->facts.kind == FileKind::Folder) {
            loaded->folder = true;
        } else {
            loaded->opened = std::move(*opened);
            readFile(*loaded, *types, key.path.empty() ? root->path() : key.path, hotMax,
                     known ? &*known : nullptr);
        }
        post([alive, key, loaded] {
            if (const auto self = alive.lock(); self && *self)
                (*self)->finishLoad(key, *loaded);
        });
    };
    slot.loading = pool_.submit(std::move(task));
    return slot.loading;
}

void FileCache::readFile(Loaded& loaded, MediaTypes& types, const std::string& path, std::uint64_t hotFileMax,
                         const FileFacts* known)
{
    if (known && *known == loaded.opened.facts) {
        loaded.same = true;
        return;
    }
    loaded.mediaType = types.forFile(path, loaded.opened.fd.get());
    if (loaded.opened.facts.size > hotFileMax)
        return;
    loaded.bytes.resize(loaded.opened.facts.size);
    std::size_t have = 0;
    while (have < loaded.bytes.size()) {
        const ssize_t n = ::pread(loaded.opened.fd.get(), loaded.bytes.data() + have,
                                  loaded.bytes.size() - have, static_cast<off_t>(have));
        if (n <= 0)
            break;
        have += static_cast<std::size_t>(n);
    }
    // A copy is kept only if the file was the same before and after it was read (engine note 21).
    struct stat after
    {
    };
    loaded.hot = have == loaded.bytes.size() && ::fstat(loaded.opened.fd.get(), &after) == 0 &&
                 factsOf(after) == loaded.opened.facts;
}

void FileCache::finishLoad(const Key& key, Loaded& loaded)
{
    const auto at = entries_.find(key);
    if (at == entries_.end())
        return;
    Slot& slot = *at->second;
    slot.loading = false;
    const auto waiting = std::exchange(slot.waiting, {});
    std::shared_ptr<CachedFile> result;
    if (!loaded.error && !loaded.folder) {
        if (!loaded.same || !slot.file) {
            auto file = std::make_shared<CachedFile>();
            file->file = std::make_shared<OpenFile>(std::move(loaded.opened), preloader_, post_, clock_);
            const std::string_view path =
                key.path.empty() ? std::string_view(slot.root->path()) : std::string_view(key.path);
            file->name = path.substr(path.find_last_of('/') + 1);
            // "same" as an entry that was evicted while the pool looked: nothing was read for it.
            file->mediaType = loaded.same ? types_.forName(path) : std::move(loaded.mediaType);
            file->hash = Hash{}(key);
            if (loaded.hot) {
                file->bytes = std::make_shared<const std::string>(std::move(loaded.bytes));
                file->hot = true;
            }
            adopt(slot, std::move(file));
        }
        slot.file->checkedAt = clock_.monotonic();
        result = slot.file;
    } else {
        if (slot.file)
            detach(slot);
        entries_.erase(at);
    }
    for (const auto& done : waiting)
        done(result, loaded.error ? &*loaded.error : nullptr);
}

/// Puts a newly opened file into its slot, in the place of an older one.
void FileCache::adopt(Slot& slot, std::shared_ptr<CachedFile> file)
{
    if (slot.file)
        detach(slot);
    sketch_.add(file->hash);
    if (file->hot && makeRoom(file->file->size(), file->hash)) {
        hotBytes_ += file->file->size();
        slot.hot = hot_.insert(hot_.begin(), &slot);
        slot.inHot = true;
        counters_.adjust(observe::Gauge::HotCacheBytes, static_cast<std::int64_t>(file->file->size()));
    } else if (file->hot) {
        file->hot = false;
        file->bytes.reset();
    }
    file->slot = &slot;
    slot.file = std::move(file);
    slot.recent = recent_.insert(recent_.begin(), &slot);
    counters_.adjust(observe::Gauge::FileCacheEntries, 1);
    while (recent_.size() > options_.entries) {
        Slot& victim = *recent_.back();
        if (&victim == &slot)
            break;
        counters_.add(observe::Counter::FileCacheEvicted);
        detach(victim);
        if (!victim.loading)
            entries_.erase(entries_.find(*victim.key));
    }
}

/// Whether a newcomer may keep its bytes; takes the place of others only where it is asked for more often
/// than each of them.
bool FileCache::makeRoom(std::uint64_t bytes, std::uint64_t hash)
{
    if (bytes > options_.hotBytes)
        return false;
    while (hotBytes_ + bytes > options_.hotBytes) {
        Slot& victim = *hot_.back();
        if (sketch_.estimate(hash) <= sketch_.estimate(victim.file->hash))
            return false;
        dropBytes(victim);
    }
    return true;
}

/// The file goes on without its bytes. Answers under way have them in a ReadyAnswer of their own.
void FileCache::dropBytes(Slot& slot)
{
    CachedFile& file = *slot.file;
    hotBytes_ -= file.file->size();
    counters_.adjust(observe::Gauge::HotCacheBytes, -static_cast<std::int64_t>(file.file->size()));
    file.bytes.reset();
    file.hot = false;
    file.ready = {};
    hot_.erase(slot.hot);
    slot.inHot = false;
}

void FileCache::detach(Slot& slot)
{
    if (slot.inHot)
        dropBytes(slot);
    recent_.erase(slot.recent);
    slot.file->slot = nullptr;
    slot.file.reset();
    counters_.adjust(observe::Gauge::FileCacheEntries, -1);
}

void FileCache::touch(Slot& slot)
{
    sketch_.add(slot.file->hash);
    recent_.splice(recent_.begin(), recent_, slot.recent);
    if (slot.inHot)
        hot_.splice(hot_.begin(), hot_, slot.hot);
}

void FileCache::forget(CachedFile& entry)
{
    if (!entry.slot)
        return;
    Slot& slot = *entry.slot;
    detach(slot);
    if (!slot.loading)
        entries_.erase(entries_.find(*slot.key));
}

void FileCache::clear()
{
    for (auto at = entries_.begin(); at != entries_.end();) {
        if (at->second->file)
            detach(*at->second);
        at = at->second->loading ? std::next(at) : entries_.erase(at);
    }
}

} // namespace spillway::body
