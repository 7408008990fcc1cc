// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/filehasher.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <zlib.h>

namespace spillway::catalog {

namespace {

constexpr std::int64_t chunk = 256 << 10;
/// How far ahead mincore looks at once. Read-ahead crosses a window's end by some 100 KiB, which then stay
/// cached.
constexpr std::int64_t window = 64 << 20;
constexpr std::int64_t pageSize = 4096;

} // namespace

void FileHasher::FreeContext::operator()(evp_md_ctx_st* context) const
{
    EVP_MD_CTX_free(context);
}

FileHasher::FileHasher(UniqueFd file, FileFacts facts, std::int64_t changedNs)
    : file_(std::move(file)), facts_(facts), changedNs_(changedNs), sha_(EVP_MD_CTX_new()),
      crc_(::crc32(0, nullptr, 0)),
      buffer_(static_cast<std::size_t>(std::clamp<std::int64_t>(facts.size + 1, 4096, chunk)))
{
}

FileHasher::FileHasher(FileHasher&&) noexcept = default;
FileHasher& FileHasher::operator=(FileHasher&&) noexcept = default;

FileHasher::~FileHasher()
{
    if (file_)
        dropOwnPages();
}

static std::int64_t nanoseconds(const struct timespec& time)
{
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

Result<FileHasher> FileHasher::open(UniqueFd file)
{
    struct stat info = {};
    if (::fstat(file.get(), &info) != 0)
        return fail(osError("cannot look at a file to hash", errno));
    if (!S_ISREG(info.st_mode))
        return fail(ErrorCode::InvalidArgument, "only regular files are hashed");
    const FileFacts facts{false, info.st_size, nanoseconds(info.st_mtim),
                          static_cast<std::int64_t>(info.st_ino)};
    FileHasher hasher(std::move(file), facts, nanoseconds(info.st_ctim));
    if (!hasher.sha_ || EVP_DigestInit_ex(hasher.sha_.get(), EVP_sha256(), nullptr) != 1)
        return fail(ErrorCode::Internal, "OpenSSL has no SHA-256");
    return hasher;
}

void FileHasher::noteCached()
{
    dropOwnPages();
    windowStart_ = offset_;
    windowEnd_ = std::min(offset_ + window, facts_.size);
    const auto length = static_cast<std::size_t>(windowEnd_ - windowStart_);
    cached_.assign((length + pageSize - 1) / pageSize, 1);
    void* const map = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, file_.get(), windowStart_);
    if (map == MAP_FAILED)
        return; // then all count as cached, and stay
    if (::mincore(map, length, cached_.data()) != 0)
        std::fill(cached_.begin(), cached_.end(), static_cast<unsigned char>(1));
    ::munmap(map, length);
}

void FileHasher::dropOwnPages()
{
    const auto pages =
        static_cast<std::size_t>((std::min(offset_, windowEnd_) - windowStart_ + pageSize - 1) / pageSize);
    for (std::size_t i = 0; i < pages && i < cached_.size();) {
        if ((cached_[i] & 1) != 0) {
            ++i;
            continue;
        }
        const std::size_t first = i;
        while (i < pages && (cached_[i] & 1) == 0)
            ++i;
        ::posix_fadvise(file_.get(), windowStart_ + static_cast<std::int64_t>(first) * pageSize,
                        static_cast<std::int64_t>(i - first) * pageSize, POSIX_FADV_DONTNEED);
    }
    cached_.clear();
}

Result<std::int64_t> FileHasher::step()
{
    // A small file is cheaper to read than to ask about; its page or two stay.
    if (offset_ >= windowEnd_ && facts_.size > chunk && offset_ < facts_.size)
        noteCached();
    ssize_t n = 0;
    do {
        n = ::pread(file_.get(), buffer_.data(), buffer_.size(), offset_);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail(osError("cannot read a file to hash", errno));
    if (n == 0)
        return 0;
    const auto size = static_cast<std::size_t>(n);
    crc_ = ::crc32_z(crc_, buffer_.data(), size);
    if (EVP_DigestUpdate(sha_.get(), buffer_.data(), size) != 1)
        return fail(ErrorCode::Internal, "OpenSSL failed in SHA-256");
    offset_ += n;
    if (offset_ > facts_.size)
        return fail(ErrorCode::Conflict, "the file grew while it was hashed");
    return std::int64_t{n};
}

Result<FileHasher::Sums> FileHasher::finish()
{
    struct stat info = {};
    if (::fstat(file_.get(), &info) != 0)
        return fail(osError("cannot look at a file to hash", errno));
    // ctime too: who sets mtime back after a write cannot set this one.
    if (offset_ != facts_.size || info.st_size != facts_.size ||
        nanoseconds(info.st_mtim) != facts_.mtimeNs || nanoseconds(info.st_ctim) != changedNs_)
        return fail(ErrorCode::Conflict, "the file changed while it was hashed");
    std::array<unsigned char, 32> digest = {};
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(sha_.get(), digest.data(), &size) != 1)
        return fail(ErrorCode::Internal, "OpenSSL failed in SHA-256");
    return Sums{static_cast<std::uint32_t>(crc_),
                std::string(reinterpret_cast<const char*>(digest.data()), size)};
}

} // namespace spillway::catalog
