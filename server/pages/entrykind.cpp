// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/entrykind.h"

#include <QMimeDatabase>
#include <QString>
#include <algorithm>

namespace spillway::pages {

namespace {

struct Extension
{
    std::string_view name;
    EntryKind kind;
};

/// Sorted by name.
constexpr std::array kExtensions{
    Extension{"7z", EntryKind::Archive},   Extension{"aac", EntryKind::Audio},
    Extension{"apk", EntryKind::Archive},  Extension{"avi", EntryKind::Video},
    Extension{"avif", EntryKind::Picture}, Extension{"bmp", EntryKind::Picture},
    Extension{"bz2", EntryKind::Archive},  Extension{"c", EntryKind::Text},
    Extension{"cc", EntryKind::Text},      Extension{"cfg", EntryKind::Text},
    Extension{"conf", EntryKind::Text},    Extension{"cpp", EntryKind::Text},
    Extension{"cs", EntryKind::Text},      Extension{"css", EntryKind::Text},
    Extension{"csv", EntryKind::Text},     Extension{"deb", EntryKind::Archive},
    Extension{"flac", EntryKind::Audio},   Extension{"gif", EntryKind::Picture},
    Extension{"go", EntryKind::Text},      Extension{"gz", EntryKind::Archive},
    Extension{"h", EntryKind::Text},       Extension{"heic", EntryKind::Picture},
    Extension{"hpp", EntryKind::Text},     Extension{"htm", EntryKind::Text},
    Extension{"html", EntryKind::Text},    Extension{"ico", EntryKind::Picture},
    Extension{"ini", EntryKind::Text},     Extension{"iso", EntryKind::Archive},
    Extension{"jar", EntryKind::Archive},  Extension{"java", EntryKind::Text},
    Extension{"jpeg", EntryKind::Picture}, Extension{"jpg", EntryKind::Picture},
    Extension{"js", EntryKind::Text},      Extension{"json", EntryKind::Text},
    Extension{"kt", EntryKind::Text},      Extension{"log", EntryKind::Text},
    Extension{"lua", EntryKind::Text},     Extension{"m4a", EntryKind::Audio},
    Extension{"m4v", EntryKind::Video},    Extension{"md", EntryKind::Text},
    Extension{"mid", EntryKind::Audio},    Extension{"mkv", EntryKind::Video},
    Extension{"mov", EntryKind::Video},    Extension{"mp3", EntryKind::Audio},
    Extension{"mp4", EntryKind::Video},    Extension{"mpeg", EntryKind::Video},
    Extension{"mpg", EntryKind::Video},    Extension{"oga", EntryKind::Audio},
    Extension{"ogg", EntryKind::Audio},    Extension{"ogv", EntryKind::Video},
    Extension{"opus", EntryKind::Audio},   Extension{"pdf", EntryKind::Pdf},
    Extension{"php", EntryKind::Text},     Extension{"pl", EntryKind::Text},
    Extension{"png", EntryKind::Picture},  Extension{"py", EntryKind::Text},
    Extension{"rar", EntryKind::Archive},  Extension{"rb", EntryKind::Text},
    Extension{"rpm", EntryKind::Archive},  Extension{"rs", EntryKind::Text},
    Extension{"rst", EntryKind::Text},     Extension{"sh", EntryKind::Text},
    Extension{"sql", EntryKind::Text},     Extension{"srt", EntryKind::Text},
    Extension{"svg", EntryKind::Picture},  Extension{"swift", EntryKind::Text},
    Extension{"tar", EntryKind::Archive},  Extension{"tex", EntryKind::Text},
    Extension{"tgz", EntryKind::Archive},  Extension{"tif", EntryKind::Picture},
    Extension{"tiff", EntryKind::Picture}, Extension{"toml", EntryKind::Text},
    Extension{"ts", EntryKind::Text},      Extension{"tsv", EntryKind::Text},
    Extension{"txt", EntryKind::Text},     Extension{"wav", EntryKind::Audio},
    Extension{"weba", EntryKind::Audio},   Extension{"webm", EntryKind::Video},
    Extension{"webp", EntryKind::Picture}, Extension{"wma", EntryKind::Audio},
    Extension{"wmv", EntryKind::Video},    Extension{"xml", EntryKind::Text},
    Extension{"xz", EntryKind::Archive},   Extension{"yaml", EntryKind::Text},
    Extension{"yml", EntryKind::Text},     Extension{"zip", EntryKind::Archive},
    Extension{"zst", EntryKind::Archive},
};
static_assert(std::ranges::is_sorted(kExtensions, {}, &Extension::name));

constexpr std::size_t kLongest = 5;

/// The extension in lower case, into `buffer`; empty where there is none that the table could have.
std::string_view extensionOf(std::string_view name, std::array<char, kLongest>& buffer)
{
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot - 1 > buffer.size())
        return {};
    const std::string_view extension = name.substr(dot + 1);
    for (std::size_t i = 0; i < buffer.size() && i < extension.size(); ++i) {
        const char c = extension[i];
        buffer[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    }
    return {buffer.data(), extension.size()};
}

bool isText(std::string_view bareType)
{
    const QString name = QString::fromLatin1(bareType.data(), static_cast<qsizetype>(bareType.size()));
    return QMimeDatabase().mimeTypeForName(name).inherits(QStringLiteral("text/plain"));
}

constexpr std::array<std::string_view, 16> kArchives{"application/zip",
                                                     "application/x-7z-compressed",
                                                     "application/vnd.rar",
                                                     "application/x-rar",
                                                     "application/x-tar",
                                                     "application/gzip",
                                                     "application/x-bzip",
                                                     "application/x-bzip2",
                                                     "application/x-xz",
                                                     "application/zstd",
                                                     "application/java-archive",
                                                     "application/x-compressed-tar",
                                                     "application/x-xz-compressed-tar",
                                                     "application/x-bzip-compressed-tar",
                                                     "application/vnd.debian.binary-package",
                                                     "application/x-cd-image"};

} // namespace

EntryKind kindOfName(std::string_view name)
{
    std::array<char, kLongest> buffer{};
    const std::string_view extension = extensionOf(name, buffer);
    const auto at = std::ranges::lower_bound(kExtensions, extension, {}, &Extension::name);
    return at != kExtensions.end() && at->name == extension ? at->kind : EntryKind::File;
}

EntryKind kindOfType(std::string_view mediaType)
{
    const std::string_view bare = mediaType.substr(0, mediaType.find(';'));
    if (bare.starts_with("image/"))
        return EntryKind::Picture;
    if (bare.starts_with("video/"))
        return EntryKind::Video;
    if (bare.starts_with("audio/"))
        return EntryKind::Audio;
    if (bare == "application/pdf")
        return EntryKind::Pdf;
    if (std::ranges::find(kArchives, bare) != kArchives.end())
        return EntryKind::Archive;
    return bare.starts_with("text/") || isText(bare) ? EntryKind::Text : EntryKind::File;
}

std::string_view iconClass(EntryKind kind)
{
    constexpr std::array<std::string_view, 8> classes{"folder", "picture", "video",   "audio",
                                                      "text",   "pdf",     "archive", "other"};
    return classes[static_cast<std::size_t>(kind)];
}

std::string_view kindName(EntryKind kind, Language language)
{
    constexpr std::array<Word, 8> words{Word::Folder, Word::Picture, Word::Video,   Word::Audio,
                                        Word::Text,   Word::Pdf,     Word::Archive, Word::File};
    return word(words[static_cast<std::size_t>(kind)], language);
}

bool isShownAsPicture(std::string_view name)
{
    std::array<char, kLongest> buffer{};
    const std::string_view extension = extensionOf(name, buffer);
    constexpr std::array<std::string_view, 9> shown{"avif", "bmp", "gif", "ico", "jpeg",
                                                    "jpg",  "png", "svg", "webp"};
    return std::ranges::find(shown, extension) != shown.end();
}

} // namespace spillway::pages
