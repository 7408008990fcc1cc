// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/directory.h"
#include "server/body/listing.h"
#include "server/body/listingtext.h"
#include "server/http/utf8.h"

#include <algorithm>

namespace spillway::body {

namespace {

constexpr std::size_t batchSize = 128;

void appendText(std::string& out, const char* key, std::string_view bytes)
{
    out += '"';
    out += key;
    out += "\":";
    http::appendJsonString(out, bytes);
    if (!http::isUtf8(bytes)) {
        out += ",\"";
        out += key;
        out += "_bytes\":\"";
        appendBase64(out, bytes);
        out += '"';
    }
    out += ',';
}

class NdjsonSource final : public TextSource
{
public:
    NdjsonSource(std::shared_ptr<ShareRoot> root, std::string relative, unsigned depth)
        : root_(std::move(root)), relative_(std::move(relative)),
          depth_(std::clamp(depth, 1U, NdjsonListing::mostDepth))
    {
    }

    State produce(std::string& out, std::size_t budget) override
    {
        if (!begun_) {
            begun_ = true;
            if (!enter({}))
                return State::Failed;
        }
        while (!levels_.empty()) {
            if (out.size() >= budget)
                return State::More;
            if (!step(out))
                return State::Failed;
        }
        return State::Done;
    }

private:
    struct Level
    {
        DirectoryReader reader;
        std::string path; ///< below the folder asked for
        std::vector<DirectoryEntry> batch;
        std::size_t next = 0; ///< in batch
        bool more = true;
    };

    /// One entry, or the next batch, or one level up. False on an error.
    bool step(std::string& out)
    {
        Level& level = levels_.back();
        if (level.next < level.batch.size()) {
            const DirectoryEntry entry = std::move(level.batch[level.next++]);
            const std::string path = joinPath(level.path, entry.name);
            append(out, entry, path);
            if (entry.kind == FileKind::Folder && !entry.symlink && levels_.size() < depth_)
                return enter(path);
            return true;
        }
        level.batch.clear();
        level.next = 0;
        if (!level.more) {
            levels_.pop_back();
            return true;
        }
        const auto more = level.reader.next(level.batch, batchSize);
        level.more = more.value_or(false);
        return more.has_value();
    }

    bool enter(const std::string& path)
    {
        auto reader = DirectoryReader::open(root_, path.empty() ? relative_ : joinPath(relative_, path));
        if (reader) {
            levels_.push_back(Level{std::move(*reader), path, {}, 0, true});
            return true;
        }
        const bool passOver =
            reader.error().code == ErrorCode::PermissionDenied || reader.error().code == ErrorCode::NotFound;
        return !levels_.empty() && passOver;
    }

    void append(std::string& out, const DirectoryEntry& entry, const std::string& path) const
    {
        out += '{';
        appendText(out, "name", entry.name);
        if (depth_ > 1)
            appendText(out, "path", path);
        if (entry.kind == FileKind::Folder)
            out += "\"type\":\"dir\"";
        else
            out += "\"type\":\"file\",\"size\":" + std::to_string(entry.size);
        out += ",\"mtime\":\"";
        appendRfc3339(out, entry.mtimeNs);
        out += "\"}\n";
    }

    const std::shared_ptr<ShareRoot> root_;
    const std::string relative_;
    const std::size_t depth_;
    bool begun_ = false;
    std::vector<Level> levels_; ///< from the folder asked for down to where the walk is
};

} // namespace

NdjsonListing::NdjsonListing(std::shared_ptr<ShareRoot> root, std::string relative, NdjsonOptions options,
                             BlockingPool& pool, Post post)
    : PooledGenerator(std::make_unique<NdjsonSource>(std::move(root), std::move(relative), options.depth),
                      pool, std::move(post), {})
{
}

} // namespace spillway::body
