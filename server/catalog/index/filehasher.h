// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/base/uniquefd.h"
#include "server/catalog/index/indextypes.h"

#include <memory>
#include <vector>

struct evp_md_ctx_st;

namespace spillway::catalog {

/// CRC-32 and SHA-256 of one open file, read once, a chunk a step. For one thread.
///
/// It leaves the page cache as it found it: pages that were not cached before its read are dropped after it,
/// those that were stay (mincore tells; the kernel says "all cached" of files we could not write, and then
/// all stay). Errors: Io; Conflict where the file was cut short or changed meanwhile (compare facts()
/// yourself too).
class FileHasher
{
public:
    static Result<FileHasher> open(UniqueFd file);
    FileHasher(FileHasher&&) noexcept;
    FileHasher& operator=(FileHasher&&) noexcept;
    ~FileHasher();

    /// Reads on; how many bytes, 0 at the end.
    Result<std::int64_t> step();

    [[nodiscard]] bool atEnd() const { return offset_ >= facts_.size; }

    struct Sums
    {
        std::uint32_t crc32 = 0;
        std::string sha256; ///< 32 bytes
    };
    /// After the end.
    Result<Sums> finish();

    [[nodiscard]] const FileFacts& facts() const { return facts_; } ///< when it was opened

private:
    struct FreeContext
    {
        void operator()(evp_md_ctx_st* context) const;
    };
    FileHasher(UniqueFd file, FileFacts facts, std::int64_t changedNs);
    void noteCached();
    void dropOwnPages();

    UniqueFd file_;
    FileFacts facts_;
    std::int64_t changedNs_ = 0; ///< ctime at the start
    std::int64_t offset_ = 0;
    std::unique_ptr<evp_md_ctx_st, FreeContext> sha_;
    unsigned long crc_ = 0;
    std::vector<unsigned char> buffer_;
    std::vector<unsigned char> cached_; ///< of the window: one byte a page, before we read
    std::int64_t windowStart_ = 0;
    std::int64_t windowEnd_ = 0;
};

} // namespace spillway::catalog
