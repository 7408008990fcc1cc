// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/folderpage.h"

#include "server/body/directory.h"
#include "server/body/listingtext.h"
#include "server/http/query.h"
#include "server/pages/crumbs.h"
#include "server/pages/entrykind.h"

#include <QString>
#include <algorithm>
#include <array>
#include <utility>

namespace spillway::pages {

namespace {

using body::DirectoryEntry;
using body::FileKind;

constexpr std::size_t batchSize = 256;

constexpr std::array<std::string_view, 3> kSortNames{"name", "size", "date"};

std::string sortQuery(Sorting sorting)
{
    return sorting == Sorting{} ? std::string() : "sort=" + sortingText(sorting);
}

std::string filterQuery(const std::string& filter)
{
    if (filter.empty())
        return {};
    std::string query = "q=";
    body::appendPathSegment(query, filter);
    return query;
}

/// The raw queries that links of the page carry on.
struct Queries
{
    explicit Queries(const FolderOptions& options)
        : language(languageQuery(options.view)), sort(sortQuery(options.sorting)),
          view(options.tiles ? "view=tiles" : ""), filter(filterQuery(options.filter)),
          credentials(options.query)
    {
        const std::array<std::string_view, 4> folderParts{credentials, language, sort, view};
        folder = joinQuery(folderParts);
        const std::array<std::string_view, 2> fileParts{credentials, options.filesHavePages ? language : ""};
        file = joinQuery(fileParts);
        const std::array<std::string_view, 2> byteParts{credentials, "dl=inline"};
        bytes = joinQuery(byteParts);
    }
    [[nodiscard]] std::string sorted(Sorting sorting) const
    {
        const std::string by = sortQuery(sorting);
        const std::array<std::string_view, 5> parts{credentials, language, by, view, filter};
        return joinQuery(parts);
    }
    [[nodiscard]] std::string viewed(bool tiles) const
    {
        const std::array<std::string_view, 5> parts{credentials, language, sort, tiles ? "view=tiles" : "",
                                                    filter};
        return joinQuery(parts);
    }

    std::string language, sort, view, filter, credentials;
    std::string folder, file, bytes; ///< of a subfolder, of a file, of a file's bytes for <img>
};

void appendFilterForm(Html& html, const FolderOptions& options, const Queries& queries)
{
    html.raw("<form class=\"filter\" role=\"search\">\n");
    const std::array<std::string_view, 4> kept{queries.credentials, queries.language, queries.sort,
                                               queries.view};
    const std::string query = joinQuery(kept);
    for (const http::QueryParameter& parameter : http::Query(query)) {
        const auto name = parameter.name(), value = parameter.value();
        if (!name || !value)
            continue;
        html.raw("<input type=\"hidden\" name=\"").text(*name).raw("\" value=\"").text(*value);
        html.raw("\">");
    }
    html.raw("<input type=\"search\" name=\"q\" id=\"filter\" aria-label=\"").say(Word::FilterNames);
    html.raw("\" placeholder=\"").say(Word::FilterNames).raw("\" value=\"").text(options.filter);
    html.raw("\">\n<button class=\"button\">").say(Word::Filter).raw("</button>\n</form>\n");
}

/// All that is known before the disk is asked.
std::string pageBegin(const FolderOptions& options, const Queries& queries)
{
    std::string out;
    const std::vector<std::string_view> crumbs = crumbsOf(options.title, options.shownPath);
    std::string title(crumbs.back());
    if (crumbs.size() > 1)
        title.append(" – ").append(crumbs.front());
    Summary summary; // of links alone: they are what people send each other
    if (options.filesHavePages)
        summary = {std::string(crumbs.back()), std::string(word(Word::Folder, options.view.language))};
    openPage(out, options.view, title, summary);
    Html html(out, options.view.language);
    html.raw("<main id=\"content\">\n");
    appendCrumbs(html, std::span(crumbs).first(crumbs.size() - 1), "../", queries.folder);
    html.raw("<h1>").name(crumbs.back()).raw("</h1>\n");
    appendNote(html, options.facts);
    appendTerms(html, options.facts);
    html.raw("<div class=\"bar\">\n");
    appendFilterForm(html, options, queries);
    html.raw("<a class=\"button\" href=\"").text(reference(queries.viewed(!options.tiles))).raw("\">");
    html.say(options.tiles ? Word::AsList : Word::AsTiles).raw("</a>\n");
    if (!options.zipQuery.empty()) {
        html.raw("<a class=\"button primary\" href=\"").text(reference(options.zipQuery));
        html.raw("\">").say(Word::DownloadAll).raw("</a>\n");
    }
    html.raw("</div>\n");
    return out;
}

class PageSource final : public body::TextSource
{
public:
    PageSource(std::shared_ptr<body::ShareRoot> root, std::string relative, FolderOptions options)
        : root_(std::move(root)), relative_(std::move(relative)), options_(std::move(options)),
          queries_(options_),
          filter_(QString::fromUtf8(options_.filter.data(), static_cast<qsizetype>(options_.filter.size())))
    {
    }

    State produce(std::string& out, std::size_t budget) override
    {
        if (!reader_) {
            if (!begin())
                return State::Failed;
            appendListBegin(out);
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
    /// Sorting needs all of them; as soon as there are too many they go out as they come.
    bool begin()
    {
        auto opened = body::DirectoryReader::open(root_, relative_);
        if (!opened)
            return false;
        reader_ = std::make_unique<body::DirectoryReader>(std::move(*opened));
        while (more_ && entries_.size() <= FolderPage::sortedUpTo)
            if (!read(batchSize))
                return false;
        sorted_ = !more_ && entries_.size() <= FolderPage::sortedUpTo;
        if (sorted_)
            std::ranges::sort(
                entries_, [this](const DirectoryEntry& a, const DirectoryEntry& b) { return before(a, b); });
        return true;
    }

    bool before(const DirectoryEntry& a, const DirectoryEntry& b) const
    {
        if (a.kind != b.kind)
            return a.kind == FileKind::Folder;
        const auto [by, descending] = options_.sorting;
        if (by == Sorting::By::Size && a.size != b.size && a.kind != FileKind::Folder)
            return (a.size < b.size) != descending;
        if (by == Sorting::By::Changed && a.mtimeNs != b.mtimeNs)
            return (a.mtimeNs < b.mtimeNs) != descending;
        const bool backwards = descending && by == Sorting::By::Name;
        return backwards ? body::naturalLess(b.name, a.name) : body::naturalLess(a.name, b.name);
    }

    bool read(std::size_t most)
    {
        const std::size_t had = entries_.size();
        const auto more = reader_->next(entries_, most);
        more_ = more.value_or(false);
        if (!filter_.isEmpty())
            entries_.erase(std::remove_if(entries_.begin() + static_cast<std::ptrdiff_t>(had), entries_.end(),
                                          [this](const DirectoryEntry& entry) { return !matches(entry); }),
                           entries_.end());
        return more.has_value();
    }

    bool matches(const DirectoryEntry& entry) const
    {
        return QString::fromUtf8(entry.name.data(), static_cast<qsizetype>(entry.name.size()))
            .contains(filter_, Qt::CaseInsensitive);
    }

    void appendHeading(Html& html, Sorting::By by, Word title) const
    {
        const bool current = options_.sorting.by == by;
        html.raw("<th scope=\"col\"");
        if (sorted_ && current)
            html.raw(options_.sorting.descending ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\"");
        html.raw(">");
        if (sorted_)
            appendSortLink(html, by, title);
        else
            html.say(title);
        html.raw("</th>");
    }

    void appendSortLink(Html& html, Sorting::By by, Word title) const
    {
        const bool current = options_.sorting.by == by;
        // What is large and what is new is mostly looked for first.
        Sorting other{by, by != Sorting::By::Name};
        if (current)
            other.descending = !options_.sorting.descending;
        html.raw("<a href=\"").text(reference(queries_.sorted(other))).raw("\">").say(title).raw("</a>");
    }

    /// Tiles have no headings.
    void appendSortLinks(Html& html) const
    {
        html.raw("<ul class=\"sorting\">");
        constexpr std::array<std::pair<Sorting::By, Word>, 3> ways{{{Sorting::By::Name, Word::Name},
                                                                    {Sorting::By::Size, Word::Size},
                                                                    {Sorting::By::Changed, Word::Changed}}};
        for (const auto& [by, title] : ways) {
            const bool current = options_.sorting.by == by;
            html.raw(!current                      ? "<li>"
                     : options_.sorting.descending ? "<li class=\"down\">"
                                                   : "<li class=\"up\">");
            appendSortLink(html, by, title);
            html.raw("</li>");
        }
        html.raw("</ul>\n");
    }

    void appendListBegin(std::string& out) const
    {
        Html html(out, options_.view.language);
        if (!sorted_)
            html.raw("<p class=\"quiet\">").say(Word::TooManyToSort).raw("</p>\n");
        if (options_.tiles) {
            if (sorted_)
                appendSortLinks(html);
            html.raw("<ul class=\"tiles\">\n");
            return;
        }
        html.raw("<table class=\"list\">\n<thead><tr>");
        appendHeading(html, Sorting::By::Name, Word::Name);
        appendHeading(html, Sorting::By::Size, Word::Size);
        appendHeading(html, Sorting::By::Changed, Word::Changed);
        html.raw("</tr></thead>\n<tbody>\n");
    }

    void appendAddress(Html& html, const DirectoryEntry& entry, std::string_view query) const
    {
        std::string address = "./"; // a name with a colon is no scheme then (RFC 3986 §4.2)
        body::appendPathSegment(address, entry.name);
        if (entry.kind == FileKind::Folder)
            address += '/';
        html.raw(address);
        if (!query.empty())
            html.raw("?").text(query);
    }

    void append(std::string& out, const DirectoryEntry& entry)
    {
        const bool folder = entry.kind == FileKind::Folder;
        ++(folder ? folders_ : files_);
        bytes_ += folder ? 0 : entry.size;
        Html html(out, options_.view.language);
        const EntryKind kind = folder ? EntryKind::Folder : kindOfName(entry.name);
        options_.tiles ? appendTile(html, entry, kind) : appendRow(html, entry, kind);
    }

    void appendRow(Html& html, const DirectoryEntry& entry, EntryKind kind) const
    {
        const bool folder = entry.kind == FileKind::Folder;
        html.raw("<tr><td><a class=\"entry ").raw(iconClass(kind)).raw("\" href=\"");
        appendAddress(html, entry, folder ? queries_.folder : queries_.file);
        html.raw("\">").name(entry.name);
        if (folder) {
            html.raw("/</a></td><td>–");
        } else {
            html.raw("</a></td><td");
            if (sorted_) // the script sorts by it
                html.raw(" data-bytes=\"").raw(std::to_string(entry.size)).raw("\"");
            html.raw(">").raw(body::sizeText(entry.size));
        }
        std::string time;
        body::appendRfc3339(time, entry.mtimeNs);
        const auto day = time.find('T');
        html.raw("</td><td><time datetime=\"").raw(time).raw("\">").raw(time.substr(0, day)).raw(" ");
        html.raw(time.substr(day + 1, 5)).raw("</time></td></tr>\n");
    }

    /// Whether the entry's own bytes are its tile's picture.
    bool takesPicture(const DirectoryEntry& entry)
    {
        const bool shown =
            entry.kind == FileKind::File && entry.size > 0 && entry.size <= FolderPage::tileUpTo &&
            pictureBytes_ + entry.size <= FolderPage::tilesUpTo && isShownAsPicture(entry.name);
        pictureBytes_ += shown ? entry.size : 0;
        return shown;
    }

    void appendTile(Html& html, const DirectoryEntry& entry, EntryKind kind)
    {
        const bool folder = entry.kind == FileKind::Folder;
        html.raw("<li><a class=\"tile\" href=\"");
        appendAddress(html, entry, folder ? queries_.folder : queries_.file);
        html.raw("\">");
        if (takesPicture(entry)) {
            html.raw("<img loading=\"lazy\" decoding=\"async\" alt=\"\" src=\"");
            appendAddress(html, entry, queries_.bytes);
            html.raw("\">");
        } else {
            html.raw("<span class=\"entry large ").raw(iconClass(kind)).raw("\"></span>");
        }
        html.name(entry.name).raw("</a></li>\n");
    }

    void appendEnd(std::string& out) const
    {
        Html html(out, options_.view.language);
        html.raw(options_.tiles ? "</ul>\n" : "</tbody>\n</table>\n");
        html.raw("<p class=\"quiet\" id=\"count\" role=\"status\">");
        const auto counted = [&html](std::uint64_t number, Word one, Word many) {
            number == 1 ? html.say(one) : html.say(many, std::to_string(number));
        };
        if (folders_ + files_ == 0 && !options_.filter.empty()) {
            html.say(Word::NothingMatches, options_.filter);
        } else if (folders_ + files_ == 0) {
            html.say(Word::FolderIsEmpty);
        } else {
            counted(folders_, Word::OneFolder, Word::Folders);
            html.raw(" · ");
            counted(files_, Word::OneFile, Word::Files);
            html.raw(" · ").raw(body::sizeText(bytes_));
        }
        html.raw("</p>\n");
        if (options_.signOut)
            html.raw("<p><a href=\"?signout\">").say(Word::SignOut).raw("</a></p>\n");
        html.raw("</main>\n");
        closePage(out, options_.view);
    }

    const std::shared_ptr<body::ShareRoot> root_;
    const std::string relative_;
    const FolderOptions options_;
    const Queries queries_;
    const QString filter_;
    std::unique_ptr<body::DirectoryReader> reader_;
    std::vector<DirectoryEntry> entries_;
    std::size_t next_ = 0; ///< in entries_
    bool more_ = true;
    bool sorted_ = false;
    std::uint64_t folders_ = 0, files_ = 0, bytes_ = 0;
    std::uint64_t pictureBytes_ = 0; ///< of the tiles so far
};

} // namespace

Sorting parseSorting(std::string_view text)
{
    Sorting sorting;
    sorting.descending = text.starts_with('-');
    if (sorting.descending)
        text.remove_prefix(1);
    const auto at = std::ranges::find(kSortNames, text);
    if (at == kSortNames.end())
        return {};
    sorting.by = static_cast<Sorting::By>(at - kSortNames.begin());
    return sorting;
}

std::string sortingText(Sorting sorting)
{
    return (sorting.descending ? "-" : "") + std::string(kSortNames[static_cast<std::size_t>(sorting.by)]);
}

FolderPage::FolderPage(std::shared_ptr<body::ShareRoot> root, std::string relative, FolderOptions options,
                       BlockingPool& pool, body::Post post)
    : PooledGenerator(std::make_unique<PageSource>(std::move(root), std::move(relative), options), pool,
                      std::move(post), pageBegin(options, Queries(options)))
{
}

} // namespace spillway::pages
