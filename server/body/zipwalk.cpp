// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipwalk.h"

#include "server/body/directory.h"
#include "server/body/zipscan.h"

#include <algorithm>
#include <climits>
#include <utility>

namespace spillway::body {

namespace {

/// Puts what a scan finds in the archive's order.
class Walk
{
public:
    Walk(const std::shared_ptr<ShareRoot>& root, const std::string& folder, std::size_t mostBytes,
         BlockingPool& helpers, std::shared_ptr<ZipWatch> watch)
        : root_(*root), folder_(folder), builder_(root, folder, mostBytes),
          scan_(std::make_shared<ZipScan>(root->allowsDotFiles(), mostBytes, helpers, std::move(watch)))
    {
    }
    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;
    ~Walk() { scan_->stop(); }

    Result<void> whole()
    {
        auto opened = root_.open(folder_);
        if (!opened)
            return fail(opened.error());
        if (opened->facts.kind != FileKind::Folder)
            return fail(ErrorCode::NotFound, "\"" + folder_ + "\" is a file, not a folder.");
        return takeAll(std::move(opened->fd));
    }

    Result<void> selected(const std::string& path)
    {
        if (path.empty())
            return fail(ErrorCode::InvalidArgument, "A selected name is empty.");
        if (auto checked = checkRelativePath(path, root_.allowsDotFiles()); !checked)
            return checked;
        auto opened = root_.open(joinPath(folder_, path));
        if (!opened)
            return fail(opened.error());
        if (!builder_.add(path, opened->facts))
            return tooLarge();
        path_ = path;
        return opened->facts.kind == FileKind::Folder ? takeAll(std::move(opened->fd)) : Result<void>();
    }

    [[nodiscard]] ZipPlanPtr finish() { return builder_.finish(); }

private:
    static Result<void> tooLarge()
    {
        return fail(ErrorCode::Unsupported, "The folder has too many entries for one archive.");
    }

    /// All that is in an open folder, whose own path is path_.
    Result<void> takeAll(UniqueFd fd)
    {
        const ZipScan::FolderPtr top = scan_->begin(std::move(fd));
        scan_->wait(*top);
        return top->state == ZipScan::Folder::State::Failed ? fail(top->error) : takeNames(*top);
    }

    Result<void> takeNames(ZipScan::Folder& folder)
    {
        for (std::size_t i = 0; i < folder.leftOut; ++i)
            builder_.leaveOut();
        const std::size_t above = path_.size();
        builder_.reserve(folder.names.size(), folder.names.textBytes() + folder.names.size() * (above + 1));
        std::size_t below = 0;
        for (std::size_t i = 0; i < folder.names.size(); ++i) {
            const ZipName& name = folder.names[i];
            if (name.kind == ZipName::Kind::Nothing)
                continue;
            if (above > 0)
                path_ += '/';
            path_ += name.text();
            auto taken = name.kind == ZipName::Kind::Folder
                             ? takeFolder(std::exchange(folder.folders[below++], nullptr), name.facts)
                             : takeOther(name);
            if (!taken)
                return taken;
            path_.resize(above);
        }
        return {};
    }

    [[nodiscard]] bool isTooLong() const { return folder_.size() + 1 + path_.size() >= PATH_MAX; }

    Result<void> takeOther(const ZipName& name)
    {
        if (isTooLong() || name.kind == ZipName::Kind::Unreadable) {
            builder_.leaveOut();
            return {};
        }
        if (name.kind == ZipName::Kind::Symlink)
            return takeSymlink();
        return builder_.add(path_, name.facts) ? Result<void>() : tooLarge();
    }

    Result<void> takeSymlink()
    {
        const auto target = root_.open(joinPath(folder_, path_));
        if (target && target->facts.kind == FileKind::File)
            return builder_.add(path_, target->facts) ? Result<void>() : tooLarge();
        // One that leads nowhere, or out of the share, is in no listing either.
        if (target || target.error().code == ErrorCode::PermissionDenied)
            builder_.leaveOut();
        return {};
    }

    Result<void> takeFolder(const ZipScan::FolderPtr& folder, const ZipFacts& facts)
    {
        if (isTooLong()) { // and so is all that is below it
            builder_.leaveOut();
            return {};
        }
        scan_->wait(*folder);
        switch (folder->state) {
        case ZipScan::Folder::State::Listed:
            break;
        case ZipScan::Folder::State::Gone:
            return {};
        case ZipScan::Folder::State::Denied:
        case ZipScan::Folder::State::TooDeep:
            builder_.leaveOut();
            return {};
        case ZipScan::Folder::State::Failed:
            return fail(folder->error);
        }
        return builder_.add(path_, facts) ? takeNames(*folder) : tooLarge();
    }

    ShareRoot& root_;
    const std::string folder_;
    ZipPlanBuilder builder_;
    const std::shared_ptr<ZipScan> scan_;
    std::string path_; ///< below the folder: of what is taken now
};

bool isBelow(const std::string& path, const std::string& folder)
{
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

} // namespace

Result<ZipPlanPtr> planZip(const std::shared_ptr<ShareRoot>& root, const std::string& folder,
                           const std::vector<std::string>& selection, std::size_t mostBytes,
                           BlockingPool& helpers, std::shared_ptr<ZipWatch> watch)
{
    if (watch && !selection.empty())
        watch->setBlind(); // what is selected lies in folders that are not read
    Walk walk(root, folder, mostBytes, helpers, std::move(watch));
    if (selection.empty()) {
        if (auto walked = walk.whole(); !walked)
            return fail(walked.error());
        return walk.finish();
    }
    // Twice the same, or what a selected folder holds anyway, is one.
    std::vector<std::string> wanted = selection;
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    for (const std::string& path : wanted) {
        if (std::any_of(wanted.begin(), wanted.end(),
                        [&path](const std::string& other) { return isBelow(path, other); }))
            continue;
        if (auto walked = walk.selected(path); !walked)
            return fail(walked.error());
    }
    return walk.finish();
}

} // namespace spillway::body
