// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/fileindex.h"

#include <future>
#include <pthread.h>

namespace spillway::catalog {

namespace {

constexpr std::size_t readerThreads = 2;
constexpr std::size_t readerQueue = 1024;

template<class T>
Result<T> wait(const std::function<void(std::function<void(Result<T>)>)>& ask)
{
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto answer = promise->get_future();
    ask([promise](Result<T> result) { promise->set_value(std::move(result)); });
    return answer.get();
}

} // namespace

FileIndex::FileIndex(const std::string& dataDir, const IndexOptions& options, const Clock& clock)
    : path_(dataDir + "/index.db"),
      indexer_(path_, options, clock, control_,
               {[this] {
                    std::unique_ptr<SqlReaders> old; // ends outside the lock: it waits for its readers
                    const std::lock_guard lock(mutex_);
                    old = std::exchange(readers_, nullptr);
                    refusedBefore_ += old ? old->refused() : 0;
                },
                [this] {
                    auto readers = SqlReaders::open(path_, readerThreads, readerQueue);
                    const std::lock_guard lock(mutex_);
                    if (readers)
                        readers_ = std::move(*readers);
                }}),
      thread_([this] {
          ::pthread_setname_np(::pthread_self(), "file-index");
          indexer_.run();
      })
{
}

FileIndex::~FileIndex()
{
    control_.stop();
    thread_.join();
}

void FileIndex::addShare(const IndexedShare& share)
{
    control_.post(IndexerControl::Add{share});
}
void FileIndex::removeShare(ShareId share)
{
    control_.post(IndexerControl::Remove{share});
}
void FileIndex::keepOnly(std::set<ShareId> shares)
{
    control_.post(IndexerControl::KeepOnly{std::move(shares)});
}
void FileIndex::rescan(ShareId share)
{
    control_.post(IndexerControl::Rescan{share});
}
void FileIndex::pause(bool on)
{
    control_.pause(on);
}

template<class T>
void FileIndex::post(std::function<Result<T>(Session&)> read, std::function<void(Result<T>)> done)
{
    auto shared = std::make_shared<std::function<void(Result<T>)>>(std::move(done));
    auto job = [this, read = std::move(read), shared](Result<Session*> session) {
        auto result = session ? read(**session) : Result<T>(fail(session.error()));
        if (!result && result.error().code == ErrorCode::Corrupt) {
            control_.post(IndexerControl::Rebuild{});
            result =
                fail(ErrorCode::Unavailable, "the file index was damaged and is built anew; try again later");
        }
        (*shared)(std::move(result));
    };
    Error refusal{ErrorCode::Unavailable, "the file index is being opened; try again", 0};
    {
        // Posted under the lock, so that only the indexer's thread ever ends the readers: not one of
        // themselves.
        const std::lock_guard lock(mutex_);
        if (readers_ && readers_->post(std::move(job)))
            return;
        if (readers_)
            refusal = {ErrorCode::Exhausted, "too many searches are waiting; try again", 0};
    }
    (*shared)(fail(std::move(refusal)));
}

void FileIndex::searchAsync(IndexSearch search, std::function<void(Result<std::vector<IndexEntry>>)> done)
{
    post<std::vector<IndexEntry>>(
        [search = std::move(search)](Session& session) { return searchIndex(session, search); },
        std::move(done));
}

void FileIndex::lookupAsync(ShareId share, std::string path,
                            std::function<void(Result<std::optional<IndexEntry>>)> done)
{
    post<std::optional<IndexEntry>>(
        [share, path = std::move(path)](Session& session) { return lookupIndex(session, share, path); },
        std::move(done));
}

void FileIndex::visitChecksumsAsync(ShareId share, std::string folder,
                                    std::function<void(const IndexEntry&)> each)
{
    post<bool>(
        [share, folder = std::move(folder), each = std::move(each)](Session& session) -> Result<bool> {
            if (auto visited = visitChecksums(session, share, folder, each); !visited)
                return fail(visited.error());
            return true;
        },
        [](const Result<bool>&) {});
}

Result<std::vector<IndexEntry>> FileIndex::search(const IndexSearch& search)
{
    return wait<std::vector<IndexEntry>>([&](auto done) { searchAsync(search, std::move(done)); });
}

Result<std::optional<IndexEntry>> FileIndex::lookup(ShareId share, const std::string& path)
{
    return wait<std::optional<IndexEntry>>([&](auto done) { lookupAsync(share, path, std::move(done)); });
}

IndexCounters FileIndex::counters() const
{
    IndexCounters counters = control_.counters();
    const std::lock_guard lock(mutex_);
    counters.readsRefused = refusedBefore_ + (readers_ ? readers_->refused() : 0);
    return counters;
}

} // namespace spillway::catalog
