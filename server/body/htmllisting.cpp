// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/directory.h"
#include "server/body/listing.h"
#include "server/body/listingtext.h"

#include <algorithm>

namespace spillway::body {

namespace {

constexpr std::size_t batchSize = 256;

constexpr std::string_view style =
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "h1{font-size:1.4rem;overflow-wrap:anywhere}"
    "nav ol{display:flex;flex-wrap:wrap;list-style:none;margin:0;padding:0}"
    "nav li+li::before{content:\"/\";margin:0 .5rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent);padding:.35rem "
    ".5rem;text-align:left}"
    "td:first-child{overflow-wrap:anywhere}"
    "th:nth-child(2),td:nth-child(2){text-align:right;white-space:nowrap}"
    "td:nth-child(3){white-space:nowrap}";

/// The names from the top to the folder shown; the title first.
std::vector<std::string_view> crumbsOf(const HtmlOptions& options)
{
    std::vector<std::string_view> crumbs{options.title};
    for (std::string_view rest = options.shownPath; !rest.empty();) {
        const std::size_t slash = rest.find('/');
        crumbs.push_back(rest.substr(0, slash));
        rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    }
    return crumbs;
}

void appendQuery(std::string& out, const HtmlOptions& options)
{
    if (options.query.empty())
        return;
    out += '?';
    appendHtml(out, options.query);
}

std::string pageHead(const HtmlOptions& options)
{
    const std::vector<std::string_view> crumbs = crumbsOf(options);
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"robots\" content=\"noindex\">\n<title>";
    appendHtml(out, crumbs.back());
    if (crumbs.size() > 1) {
        out += " – ";
        appendHtml(out, crumbs.front());
    }
    out += "</title>\n<style>";
    out += style;
    out += "</style>\n</head>\n<body>\n<nav aria-label=\"Folders above\"><ol>";
    for (std::size_t i = 0; i + 1 < crumbs.size(); ++i) {
        out += "<li><a href=\"";
        for (std::size_t up = i + 1; up < crumbs.size(); ++up)
            out += "../";
        appendQuery(out, options);
        out += "\"><bdi>";
        appendHtml(out, crumbs[i]);
        out += "</bdi></a></li>";
    }
    out += "<li aria-current=\"page\"><bdi>";
    appendHtml(out, crumbs.back());
    out += "</bdi></li></ol></nav>\n<main>\n<h1><bdi>";
    appendHtml(out, crumbs.back());
    out += "</bdi></h1>\n<table>\n<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Size</th>"
           "<th scope=\"col\">Changed (UTC)</th></tr></thead>\n<tbody>\n";
    return out;
}

class HtmlSource final : public TextSource
{
public:
    HtmlSource(std::shared_ptr<ShareRoot> root, std::string relative, HtmlOptions options)
        : root_(std::move(root)), relative_(std::move(relative)), options_(std::move(options))
    {
    }

    State produce(std::string& out, std::size_t budget) override
    {
        if (!reader_) {
            auto opened = DirectoryReader::open(root_, relative_);
            if (!opened)
                return State::Failed;
            reader_ = std::make_unique<DirectoryReader>(std::move(*opened));
            // Sorting needs all of them; as soon as there are too many they go out as they come.
            while (more_ && entries_.size() <= HtmlListing::sortedUpTo)
                if (!read(batchSize))
                    return State::Failed;
            if (!more_ && entries_.size() <= HtmlListing::sortedUpTo)
                std::ranges::sort(entries_, before);
        }
        for (;;) {
            for (; next_ < entries_.size(); ++next_) {
                if (out.size() >= budget)
                    return State::More;
                append(out, entries_[next_]);
            }
            entries_.clear();
            next_ = 0;
            if (!more_)
                break;
            if (entries_.capacity() > batchSize * 2)
                entries_.shrink_to_fit(); // after the first thousands
            if (!read(batchSize))
                return State::Failed;
        }
        appendEnd(out);
        return State::Done;
    }

private:
    static bool before(const DirectoryEntry& a, const DirectoryEntry& b)
    {
        if (a.kind != b.kind)
            return a.kind == FileKind::Folder;
        return naturalLess(a.name, b.name);
    }

    bool read(std::size_t most)
    {
        const auto more = reader_->next(entries_, most);
        more_ = more.value_or(false);
        return more.has_value();
    }

    void append(std::string& out, const DirectoryEntry& entry)
    {
        const bool folder = entry.kind == FileKind::Folder;
        out += "<tr><td><a href=\"./"; // "./": a name with a colon is no scheme (RFC 3986 §4.2)
        appendPathSegment(out, entry.name);
        if (folder)
            out += '/';
        appendQuery(out, options_);
        out += "\"><bdi>";
        appendHtml(out, entry.name);
        out += folder ? "</bdi>/</a></td><td>–" : "</bdi></a></td><td>";
        if (!folder)
            out += sizeText(entry.size);
        std::string time;
        appendRfc3339(time, entry.mtimeNs);
        out += "</td><td><time datetime=\"" + time + "\">";
        out += time.substr(0, time.find('T')) + ' ' + time.substr(time.find('T') + 1, 5);
        out += "</time></td></tr>\n";
        ++(folder ? folders_ : files_);
        bytes_ += folder ? 0 : entry.size;
    }

    void appendEnd(std::string& out) const
    {
        const auto counted = [](std::uint64_t number, const char* one, const char* many) {
            return std::to_string(number) + (number == 1 ? one : many);
        };
        out += "</tbody>\n</table>\n<p>";
        if (folders_ + files_ == 0)
            out += "This folder is empty.";
        else
            out += counted(folders_, " folder, ", " folders, ") + counted(files_, " file, ", " files, ") +
                   sizeText(bytes_) + '.';
        out += "</p>\n</main>\n";
        if (options_.signOut)
            out += "<p><a href=\"?signout\">Sign out</a></p>\n";
        out += "</body>\n</html>\n";
    }

    const std::shared_ptr<ShareRoot> root_;
    const std::string relative_;
    const HtmlOptions options_;
    std::unique_ptr<DirectoryReader> reader_;
    std::vector<DirectoryEntry> entries_;
    std::size_t next_ = 0; ///< in entries_
    bool more_ = true;
    std::uint64_t folders_ = 0, files_ = 0, bytes_ = 0;
};

} // namespace

HtmlListing::HtmlListing(std::shared_ptr<ShareRoot> root, std::string relative, const HtmlOptions& options,
                         BlockingPool& pool, Post post)
    : PooledGenerator(std::make_unique<HtmlSource>(std::move(root), std::move(relative), options), pool,
                      std::move(post), pageHead(options))
{
}

} // namespace spillway::body
