// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/digests.h"

#include "server/body/listingtext.h"
#include "server/catalog/index/filehasher.h"

namespace spillway::download {

namespace {

/// Of a computation before others have their turn: about 5 ms of work.
constexpr std::int64_t kStep = 8 << 20;

/// What the index has is true of the file as it is now: also where somebody wrote later and set the mtime
/// back, which moves the ctime beyond the time of the hash.
bool isOf(const catalog::IndexEntry& entry, const body::FileFacts& facts)
{
    constexpr std::int64_t second = 1'000'000'000;
    return entry.sha256.size() == 32 && static_cast<std::uint64_t>(entry.facts.size) == facts.size &&
           entry.facts.mtimeNs == facts.mtimeNs &&
           static_cast<std::uint64_t>(entry.facts.inode) == facts.inode &&
           facts.ctimeNs / second <= entry.hashedAt;
}

} // namespace

struct Digests::Job
{
    Key key;
    File file;
    std::vector<Done> waiting;                 ///< guarded by the owner's mutex
    std::optional<catalog::FileHasher> hasher; ///< of the thread that runs it

    [[nodiscard]] bool open()
    {
        auto opened = file.root->open(file.path);
        if (!opened || opened->facts.kind != body::FileKind::File || !(keyOf(opened->facts) == key))
            return false;
        auto made = catalog::FileHasher::open(std::move(opened->fd));
        if (!made || static_cast<std::uint64_t>(made->facts().size) != file.facts.size)
            return false;
        hasher.emplace(std::move(*made));
        return true;
    }
};

Digests::Digests(Options options, catalog::FileIndex* index)
    : options_(options), index_(index), pool_(std::in_place, "digests", options.threads, options.queue),
      threads_(*pool_)
{
}

void Digests::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    pool_.reset();
}

Digests::Key Digests::keyOf(const body::FileFacts& facts)
{
    return {facts.device, facts.inode, body::versionOf(facts)};
}

void Digests::ask(const File& file, Effort effort, Done done)
{
    {
        std::unique_lock lock(mutex_);
        if (const auto at = known_.find(keyOf(file.facts)); at != known_.end()) {
            const Answer answer{Verdict::Found, at->second};
            lock.unlock();
            done(answer);
            return;
        }
    }
    const auto orCompute = [this, file, effort, done = std::move(done)](const catalog::IndexEntry* entry) {
        if (entry && isOf(*entry, file.facts))
            done({Verdict::Found, entry->sha256});
        else if (effort == Effort::Computed && file.facts.size <= options_.mostBytes)
            compute(file, done);
        else
            done({Verdict::Unknown, {}});
    };
    if (!index_) {
        orCompute(nullptr);
        return;
    }
    index_->lookupAsync(file.share, file.path,
                        [orCompute](const Result<std::optional<catalog::IndexEntry>>& entry) {
                            orCompute(entry && *entry ? &**entry : nullptr);
                        });
}

void Digests::compute(const File& file, Done done)
{
    const Key key = keyOf(file.facts);
    {
        const std::lock_guard lock(mutex_);
        if (const auto at = jobs_.find(key); at != jobs_.end()) {
            at->second->waiting.push_back(std::move(done));
            return;
        }
        auto job = std::make_shared<Job>();
        job->key = key;
        job->file = file;
        job->waiting.push_back(done);
        if (!stopping_ && threads_.submit([this, job] { run(job); })) {
            jobs_.emplace(key, std::move(job));
            return;
        }
        ++counters_.refused;
    }
    done({Verdict::Busy, {}});
}

void Digests::run(const std::shared_ptr<Job>& job)
{
    if (!job->hasher && !job->open()) {
        finish(*job, {Verdict::Unreadable, {}});
        return;
    }
    for (std::int64_t read = 0; read < kStep && !job->hasher->atEnd();) {
        const auto step = job->hasher->step();
        if (!step || *step == 0) {
            finish(*job, {Verdict::Unreadable, {}});
            return;
        }
        read += *step;
    }
    if (!job->hasher->atEnd()) {
        if (!threads_.submit([this, job] { run(job); }))
            finish(*job, {Verdict::Busy, {}});
        return;
    }
    const auto sums = job->hasher->finish();
    finish(*job, sums ? Answer{Verdict::Found, sums->sha256} : Answer{Verdict::Unreadable, {}});
}

void Digests::finish(const Job& job, const Answer& answer)
{
    std::shared_ptr<Job> own;
    std::vector<Done> waiting;
    {
        const std::lock_guard lock(mutex_);
        const auto at = jobs_.find(job.key);
        own = std::move(at->second);
        jobs_.erase(at);
        waiting.swap(own->waiting);
        if (answer.verdict == Verdict::Found) {
            ++counters_.computed;
            keep(job.key, answer.sha256);
        }
    }
    for (const Done& done : waiting)
        done(answer);
}

Digests::Counters Digests::counters() const
{
    const std::lock_guard lock(mutex_);
    return counters_;
}

void Digests::keep(const Key& key, const std::string& sha256)
{
    if (!known_.emplace(key, sha256).second)
        return;
    order_.push_back(key);
    if (order_.size() > options_.kept) {
        known_.erase(order_.front());
        order_.pop_front();
    }
}

std::string digestField(std::string_view sha256)
{
    std::string value = "sha-256=:";
    body::appendBase64(value, sha256);
    return value + ':';
}

std::string digestText(std::string_view sha256)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : sha256) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string digestLine(std::string_view sha256, std::string_view name)
{
    std::string line;
    // As GNU coreutils: a name with a line end or a backslash is escaped, and the line says so.
    if (name.find_first_of("\\\n\r") != std::string_view::npos)
        line += '\\';
    line += digestText(sha256);
    line += "  ";
    for (const char c : name) {
        if (c == '\n')
            line += "\\n";
        else if (c == '\r')
            line += "\\r";
        else if (c == '\\')
            line += "\\\\";
        else
            line += c;
    }
    return line + '\n';
}

bool wantsSha256(std::string_view wantReprDigest)
{
    bool wanted = false;
    while (!wantReprDigest.empty()) {
        const auto comma = std::min(wantReprDigest.find(','), wantReprDigest.size());
        std::string_view member = wantReprDigest.substr(0, comma);
        wantReprDigest.remove_prefix(std::min(comma + 1, wantReprDigest.size()));
        while (!member.empty() && (member.front() == ' ' || member.front() == '\t'))
            member.remove_prefix(1);
        while (!member.empty() && (member.back() == ' ' || member.back() == '\t'))
            member.remove_suffix(1);
        constexpr std::string_view name = "sha-256=";
        if (member.starts_with(name)) {
            const std::string_view weight = member.substr(name.size());
            wanted = weight == "10" || (weight.size() == 1 && weight[0] >= '1' && weight[0] <= '9');
        }
    }
    return wanted;
}

} // namespace spillway::download
