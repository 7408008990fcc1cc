// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/pathresolver.h"
#include "server/catalog/sharerepository.h"
#include "server/engine/management.h"

#include <algorithm>

// The part of Management about what is in a share.
namespace spillway::engine {

namespace {

constexpr std::int64_t kMostEntries = 20'000;

} // namespace

Result<FolderContents> Management::listFolder(const std::string& share, const std::string& path,
                                              std::int64_t most)
{
    if (most < 1 || most > kMostEntries)
        return fail(ErrorCode::InvalidArgument,
                    "a list of a folder has 1 to " + std::to_string(kMostEntries) + " entries");
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
    auto reader = body::DirectoryReader::open(std::move(root), path);
    if (!reader)
        return fail(reader.error());
    const auto bound = static_cast<std::size_t>(most);
    for (bool more = true; more && !contents.truncated;) {
        // One more than asked for shows that there are more.
        auto next = reader->next(contents.entries, bound + 1 - contents.entries.size());
        if (!next)
            return fail(next.error());
        more = *next;
        contents.truncated = contents.entries.size() > bound;
    }
    if (contents.truncated)
        contents.entries.resize(bound);
    std::sort(contents.entries.begin(), contents.entries.end(), [](const auto& left, const auto& right) {
        const bool leftFolder = left.kind == body::FileKind::Folder;
        if (leftFolder != (right.kind == body::FileKind::Folder))
            return leftFolder;
        return left.name < right.name;
    });
    return contents;
}

} // namespace spillway::engine
