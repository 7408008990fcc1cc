// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// The words of the pages that recipients see, in the languages they come in. All pure.
namespace spillway::pages {

enum class Language : std::uint8_t
{
    English,
    Chinese, ///< simplified
};
inline constexpr std::size_t kLanguageCount = 2;

/// For <html lang> and Content-Language (BCP 47).
[[nodiscard]] std::string_view languageTag(Language language);
/// What `?lang=` calls it: "en", "zh".
[[nodiscard]] std::string_view languageCode(Language language);
/// As its speakers call it.
[[nodiscard]] std::string_view languageName(Language language);
/// `parameter` is the value of `?lang=`, null or unknown: not given; then Accept-Language decides, then
/// English.
[[nodiscard]] Language chooseLanguage(std::string_view parameter, std::string_view acceptLanguage);

enum class Word : std::uint8_t
{
    FoldersAbove,
    Name,
    Size,
    Changed,
    FilterNames,
    Filter,
    AsTiles,
    AsList,
    DownloadAll,
    FolderIsEmpty,
    NothingMatches,
    TooManyToSort,
    OneFolder,
    Folders,
    OneFile,
    Files,
    SignOut,
    SkipToContent,
    Languages,
    SharedFolders,
    NothingShared,
    Folder,
    Picture,
    Video,
    Audio,
    Text,
    Pdf,
    Archive,
    File,
    Download,
    DownloadSize,
    FromTheSender,
    Expires,
    OneDownloadLeft,
    DownloadsLeft,
    YoursOnly,
    Preview,
    ShowPreview,
    PreviewCounts,
    OpenInBrowser,
    TextIsCut,
    TextFailed,
    NeedsScript,
    Details,
    Type,
    Bytes,
    Checksum,
    FromTerminal,
    Copy,
    Copied,
    AsksForPassword,
    BackToFolder,
    TryAgain,
    TriesAgain,
    RequestId,
    PasswordHeading,
    PasswordText,
    Password,
    PasswordWrong,
    Open,
    SignInHeading,
    SignInText,
    Token,
    TokenWrong,
    SignIn,
    SignOutHeading,
    SignOutText,
    Count
};

/// In UTF-8, not escaped; "%1" stands for what fillIn() puts there.
[[nodiscard]] std::string_view word(Word word, Language language);
[[nodiscard]] std::string fillIn(std::string_view text, std::string_view value);

} // namespace spillway::pages
