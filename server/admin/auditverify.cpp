// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditchain.h"
#include "server/admin/auditfiles.h"
#include "server/config/files.h"

#include <algorithm>
#include <chrono>
#include <sys/stat.h>
#include <thread>

namespace spillway::admin {

namespace {

constexpr std::size_t kBlock = 1 << 20;
constexpr int kTries = 5;
constexpr std::chrono::milliseconds kFirstLine{50};

/// Walks along the lines. After one that does not fit it goes on with what that line claims, so that one
/// change is one fault and not all that follows.
class Walk
{
public:
    Walk(const auth::HmacKey& key, const std::optional<AuditHead>& head,
         const std::optional<AuditHead>& expected)
        : key_(key), head_(head), expected_(expected)
    {
    }

    void beginFile(std::string name)
    {
        file_ = std::move(name);
        lineOfFile_ = 0;
        ++verdict_.files;
    }

    void line(std::string_view text)
    {
        ++verdict_.lines;
        ++lineOfFile_;
        const auto read = readLine(text);
        if (!read) {
            fault(lineOfFile_, "is no line of an audit log; it was changed");
            return;
        }
        if (lineOfFile_ == 1)
            firstLine(text);
        if (read->follows(key_, before_)) {
            verdict_.head = {read->seq, read->mac};
        } else if (read->seq == before_.seq + 1) {
            fault(lineOfFile_, "(entry " + std::to_string(read->seq) +
                                   ") does not fit: it, or the line before it, was changed");
        } else if (read->seq > before_.seq + 1) {
            const std::uint64_t missing = read->seq - before_.seq - 1;
            fault(lineOfFile_, "(entry " + std::to_string(read->seq) + "): " +
                                   (missing == 1 ? "entry " + std::to_string(before_.seq + 1) + " is missing"
                                                 : "entries " + std::to_string(before_.seq + 1) + " to " +
                                                       std::to_string(read->seq - 1) + " are missing") +
                                   " before it");
        } else {
            fault(lineOfFile_, "(entry " + std::to_string(read->seq) +
                                   ") stands in the wrong place: it was inserted, repeated or moved");
            return;
        }
        before_ = {read->seq, read->mac};
        for (const auto* wanted : {&head_, &expected_})
            if (*wanted && (*wanted)->seq == read->seq && (*wanted)->mac != read->mac)
                fault(lineOfFile_, std::string("(entry ") + std::to_string(read->seq) +
                                       ") is not the one that " +
                                       (wanted == &head_ ? "audit.head names" : "was asked for"));
    }

    AuditVerdict end()
    {
        file_ = "audit.log";
        if (begins_.seq > dropped_)
            fault(0, (dropped_ == 0 ? "entries 1 to " : "entries " + std::to_string(dropped_ + 1) + " to ") +
                         std::to_string(begins_.seq) +
                         " are missing: their files were removed, and not because audit.files says so");
        else if (expected_ && expected_->seq <= begins_.seq && *expected_ != begins_)
            fault(0, "entry " + std::to_string(expected_->seq) + ", which was asked for, " +
                         (expected_->seq == begins_.seq ? "is another one"
                                                        : "was deleted, as audit.files says"));
        verdict_.dropped = std::min(begins_.seq, dropped_);
        if (!head_ && verdict_.lines > 0)
            fault(0,
                  "audit.head is missing or damaged: whether lines were cut off at the end cannot be told");
        if (head_ && head_->seq > before_.seq)
            fault(0, "the end was cut off: the last entry is " + std::to_string(before_.seq) +
                         ", but there were " + std::to_string(head_->seq));
        if (expected_ && expected_->seq > before_.seq)
            fault(0, "entry " + std::to_string(expected_->seq) + ", which was asked for, is not there");
        return std::move(verdict_);
    }

private:
    /// Older files may be gone: the first one that is there says where it goes on.
    void firstLine(std::string_view text)
    {
        const auto begin = readBegin(key_, text);
        if (!begin)
            return;
        dropped_ = std::max(dropped_, begin->dropped);
        if (verdict_.lines == 1) {
            begins_ = before_ = begin->continues;
        }
    }

    void fault(std::uint64_t line, std::string text)
    {
        if (verdict_.faults.size() == AuditVerdict::kMostFaults) {
            ++verdict_.faultsLeftOut;
            return;
        }
        if (line > 0)
            text = "line " + std::to_string(line) + " " + text;
        verdict_.faults.push_back({file_, line, std::move(text)});
    }

    const auth::HmacKey& key_;
    const std::optional<AuditHead>& head_;
    const std::optional<AuditHead>& expected_;
    std::string file_ = "audit.log";
    std::uint64_t lineOfFile_ = 0;
    std::uint64_t dropped_ = 0; ///< up to which entry it is said that they are deleted
    AuditHead begins_;          ///< the entry before the first
    AuditHead before_;
    AuditVerdict verdict_;
};

Result<void> walkFile(Walk& walk, int fd, const std::string& path)
{
    walk.beginFile(path.substr(path.rfind('/') + 1));
    std::string pending;
    for (std::uint64_t offset = 0;;) {
        const auto block = config::readAt(fd, offset, kBlock, path);
        if (!block)
            return fail(block.error());
        offset += block->size();
        pending += *block;
        std::string_view rest = pending;
        for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos;
             rest.remove_prefix(end + 1))
            walk.line(rest.substr(0, end));
        pending.erase(0, pending.size() - rest.size());
        if (block->size() < kBlock)
            return {};
    }
    // What stands behind the last line's end is being written now, or was when the machine went down: nobody
    // was told that it is there.
}

ino_t inodeAt(const std::string& path)
{
    struct stat info = {};
    return ::lstat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

ino_t inodeOf(int fd)
{
    struct stat info = {};
    return fd >= 0 && ::fstat(fd, &info) == 0 ? info.st_ino : 0;
}

/// audit.log is opened first and read last: where it is put aside meanwhile, the list has it a second time.
Result<void> walkFiles(Walk& walk, const AuditPaths& paths)
{
    const auto current = openAuditFile(paths.log);
    if (!current)
        return fail(current.error());
    const ino_t last = inodeOf(current->get());
    const auto numbers = paths.listAside();
    if (!numbers)
        return fail(numbers.error());
    for (const std::uint64_t number : *numbers) {
        const std::string path = paths.aside(number);
        const auto fd = openAuditFile(path);
        if (!fd)
            return fail(fd.error());
        if (last != 0 && inodeOf(fd->get()) == last)
            break;
        if (*fd) // else it was deleted just now
            if (auto walked = walkFile(walk, fd->get(), path); !walked)
                return walked;
    }
    return *current ? walkFile(walk, current->get(), paths.log) : Result<void>();
}

} // namespace

Result<AuditVerdict> verifyAuditLog(const std::string& dataFolder, const std::optional<AuditHead>& expected)
{
    const AuditPaths paths(dataFolder);
    auto secret = readAuditKey(paths.key);
    if (!secret)
        return fail(secret.error());
    // Files that are put aside or deleted while they are read can look like missing ones; then it is done
    // anew.
    for (int again = kTries;; --again) {
        const ino_t before = inodeAt(paths.log);
        // The head before the lines: those that are added meanwhile come after it.
        const auto headFile = readSmallFile(paths.head, 2 * kSlotSize);
        if (!headFile)
            return fail(headFile.error());
        if (before == 0 && headFile->empty())
            return fail(ErrorCode::NotFound, "there is no audit log in " + dataFolder + " yet");
        if (!*secret) {
            AuditVerdict verdict;
            verdict.keyMissing = true;
            return verdict;
        }
        const auth::HmacKey key(**secret);
        auto head = readHead(key, *headFile);
        // Both slots were being written in the same moment.
        for (int once = kTries; !head && !headFile->empty() && once > 0; --once)
            if (const auto slots = readSmallFile(paths.head, 2 * kSlotSize))
                head = readHead(key, *slots);
        Walk walk(key, head, expected);
        if (auto walked = walkFiles(walk, paths); !walked)
            return fail(walked.error());
        AuditVerdict verdict = walk.end();
        // Nor is there a head before the very first line is on the disk.
        const bool perhapsNew = headFile->empty();
        if (verdict.good() || again == 0 || (inodeAt(paths.log) == before && !perhapsNew))
            return verdict;
        if (perhapsNew)
            std::this_thread::sleep_for(kFirstLine);
    }
}

} // namespace spillway::admin
