// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/pathresolver.h"
#include "server/catalog/sharerepository.h"
#include "server/engine/management.h"
#include "server/engine/shareroots.h"

#include <algorithm>

// The part of Management about what is in a share.
namespace spillway::engine {

namespace {

constexpr std::int64_t kMostEntries = 20'000;
constexpr std::size_t kMostRead = 200'000; ///< of a folder where most of it is left out
constexpr std::size_t kBatch = 1000;

Error wrongBound()
{
    return {ErrorCode::InvalidArgument,
            "a list of a folder has 1 to " + std::to_string(kMostEntries) + " entries", 0};
}

void sortEntries(std::vector<body::DirectoryEntry>& entries)
{
    std::sort(entries.begin(), entries.end(), [](const auto& left, const auto& right) {
        const bool leftFolder = left.kind == body::FileKind::Folder;
        if (leftFolder != (right.kind == body::FileKind::Folder))
            return leftFolder;
        return left.name < right.name;
    });
}

template<class Wanted>
Result<FolderContents> readFolder(std::shared_ptr<body::ShareRoot> root, const std::string& path,
                                  std::int64_t most, Wanted wanted)
{
    auto reader = body::DirectoryReader::open(std::move(root), path);
    if (!reader)
        return fail(reader.error());
    const auto bound = static_cast<std::size_t>(most);
    FolderContents contents;
    std::vector<body::DirectoryEntry> batch;
    std::size_t read = 0;
    for (bool more = true; more && !contents.truncated;) {
        batch.clear();
        // One more than asked for shows that there are more.
        auto next = reader->next(batch, std::min(kBatch, bound + 1 - contents.entries.size()));
        if (!next)
            return fail(next.error());
        more = *next;
        read += batch.size();
        for (body::DirectoryEntry& entry : batch)
            if (wanted(entry))
                contents.entries.push_back(std::move(entry));
        contents.truncated = contents.entries.size() > bound || (more && read >= kMostRead);
    }
    if (contents.entries.size() > bound)
        contents.entries.resize(bound);
    sortEntries(contents.entries);
    return contents;
}

} // namespace

Result<FolderContents> Management::listFolder(const std::string& share, const std::string& path,
                                              std::int64_t most)
{
    if (most < 1 || most > kMostEntries)
        return fail(wrongBound());
    const auto found = catalog_
                           .read([&share](catalog::Session& session) {
                               return catalog::ShareRepository::findByName(session, share);
                           })
                           .get();
    if (!found)
        return fail(found.error());
    if (!*found)
        return fail(ErrorCode::NotFound, "there is no share named \"" + share + "\"");
    auto root = std::make_shared<body::ShareRoot>(
        (*found)->path, body::ShareRoot::Options{.allowDotFiles = (*found)->showDotFiles}, clock_);
    const auto facts = root->stat(path);
    if (!facts)
        return fail(facts.error());
    FolderContents contents;
    if (facts->kind == body::FileKind::File) {
        // A share that is one file has that file under its own name.
        const std::string& whole = (*found)->path;
        contents.entries.push_back(
            {whole.substr(whole.rfind('/') + 1), body::FileKind::File, false, facts->size, facts->mtimeNs});
        return contents;
    }
    return readFolder(std::move(root), path, most, [](const body::DirectoryEntry&) { return true; });
}

Result<FolderContents> Management::browseRoots(const std::string& path, bool files, std::int64_t most)
{
    if (most < 1 || most > kMostEntries)
        return fail(wrongBound());
    const std::vector<std::string> roots = shareRoots();
    FolderContents contents;
    if (path.empty()) {
        for (const std::string& root : roots)
            contents.entries.push_back({root, body::FileKind::Folder, false, 0, 0});
        sortEntries(contents.entries);
        return contents;
    }
    const auto rooted = findRoot(path, roots);
    if (!rooted)
        return fail(rooted.error());
    const auto real = pathInRoots(path, roots, clock_);
    if (!real)
        return fail(real.error());
    const std::string data = canonicalPath(dataFolder_).value_or(dataFolder_);
    if (liesIn(*real, data))
        return fail(ErrorCode::NotFound, "there is nothing at " + path + " that can be shared");
    auto root = std::make_shared<body::ShareRoot>(rooted->root,
                                                  body::ShareRoot::Options{.allowDotFiles = false}, clock_);
    const auto facts = root->stat(rooted->below);
    if (!facts)
        return fail(facts.error());
    if (facts->kind != body::FileKind::Folder)
        return fail(ErrorCode::InvalidArgument, path + " is a file, not a folder");
    return readFolder(std::move(root), rooted->below, most,
                      [&, before = *real == "/" ? *real : *real + "/"](const body::DirectoryEntry& entry) {
                          return (files || entry.kind == body::FileKind::Folder) &&
                                 before + entry.name != data;
                      });
}

} // namespace spillway::engine
