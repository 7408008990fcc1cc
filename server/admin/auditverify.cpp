// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditchain.h"
#include "server/admin/auditfiles.h"
#include "server/config/files.h"

#include <cerrno>
#include <fcntl.h>

namespace spillway::admin {

namespace {

constexpr std::size_t kBlock = 1 << 20;

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

    void line(std::string_view text)
    {
        ++verdict_.lines;
        const auto read = readLine(text);
        if (!read) {
            fault(verdict_.lines, "is no line of an audit log; it was changed");
            return;
        }
        if (read->follows(key_, before_)) {
            verdict_.head = {read->seq, read->mac};
        } else if (read->seq == before_.seq + 1) {
            fault(verdict_.lines, "(entry " + std::to_string(read->seq) +
                                      ") does not fit: it, or the line before it, was changed");
        } else if (read->seq > before_.seq + 1) {
            const std::uint64_t missing = read->seq - before_.seq - 1;
            fault(verdict_.lines,
                  "(entry " + std::to_string(read->seq) + "): " +
                      (missing == 1 ? "entry " + std::to_string(before_.seq + 1) + " is missing"
                                    : "entries " + std::to_string(before_.seq + 1) + " to " +
                                          std::to_string(read->seq - 1) + " are missing") +
                      " before it");
        } else {
            fault(verdict_.lines, "(entry " + std::to_string(read->seq) +
                                      ") stands in the wrong place: it was inserted, repeated or moved");
            return;
        }
        before_ = {read->seq, read->mac};
        for (const auto* wanted : {&head_, &expected_})
            if (*wanted && (*wanted)->seq == read->seq && (*wanted)->mac != read->mac)
                fault(verdict_.lines, std::string("(entry ") + std::to_string(read->seq) +
                                          ") is not the one that " +
                                          (wanted == &head_ ? "audit.head names" : "was asked for"));
    }

    AuditVerdict end()
    {
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
    void fault(std::uint64_t line, std::string text)
    {
        if (verdict_.faults.size() == AuditVerdict::kMostFaults) {
            ++verdict_.faultsLeftOut;
            return;
        }
        if (line > 0)
            text = "line " + std::to_string(line) + " " + text;
        verdict_.faults.push_back({line, std::move(text)});
    }

    const auth::HmacKey& key_;
    const std::optional<AuditHead>& head_;
    const std::optional<AuditHead>& expected_;
    AuditHead before_;
    AuditVerdict verdict_;
};

} // namespace

Result<AuditVerdict> verifyAuditLog(const std::string& dataFolder, const std::optional<AuditHead>& expected)
{
    const AuditPaths paths(dataFolder);
    // The head before the lines: those that are added meanwhile come after it.
    auto secret = readAuditKey(paths.key);
    if (!secret)
        return fail(secret.error());
    const auto headFile = readSmallFile(paths.head, 2 * kSlotSize);
    if (!headFile)
        return fail(headFile.error());
    const UniqueFd fd(::open(paths.log.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd && errno == ENOENT && headFile->empty())
        return fail(ErrorCode::NotFound, "there is no audit log in " + dataFolder + " yet");
    if (!fd && errno != ENOENT)
        return fail(osError("cannot read " + paths.log, errno));
    if (!*secret) {
        AuditVerdict verdict;
        verdict.keyMissing = true;
        return verdict;
    }
    const auth::HmacKey key(**secret);
    const auto head = readHead(key, *headFile);
    Walk walk(key, head, expected);
    std::string pending;
    for (std::uint64_t offset = 0; fd;) {
        const auto block = config::readAt(fd.get(), offset, kBlock, paths.log);
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
            break;
    }
    // What stands behind the last line's end is being written now, or was when the machine went down: nobody
    // was told that it is there.
    return walk.end();
}

} // namespace spillway::admin
