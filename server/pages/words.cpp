// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/words.h"

#include "server/http/accept.h"

namespace spillway::pages {

namespace {

constexpr std::array<std::string_view, kLanguageCount> kCodes{"en", "zh"};

struct Row
{
    Word word;
    std::string_view english, chinese;
};

// clang-format off
constexpr std::array<Row, static_cast<std::size_t>(Word::Count)> kRows{{
    {Word::FoldersAbove, "Folders above", "上级文件夹"},
    {Word::Name, "Name", "名称"},
    {Word::Size, "Size", "大小"},
    {Word::Changed, "Changed", "修改时间"},
    {Word::FilterNames, "Filter names", "筛选名称"},
    {Word::Filter, "Filter", "筛选"},
    {Word::AsTiles, "Tiles", "平铺"},
    {Word::AsList, "List", "列表"},
    {Word::DownloadAll, "Download all (ZIP)", "全部下载 (ZIP)"},
    {Word::FolderIsEmpty, "This folder is empty.", "此文件夹为空。"},
    {Word::NothingMatches, "Nothing here has a name with “%1”.", "没有名称包含“%1”的项目。"},
    {Word::TooManyToSort, "There are too many entries to sort; they are shown in the order of the disk.", "项目太多，无法排序；按磁盘上的顺序显示。"},
    {Word::OneFolder, "1 folder", "1 个文件夹"},
    {Word::Folders, "%1 folders", "%1 个文件夹"},
    {Word::OneFile, "1 file", "1 个文件"},
    {Word::Files, "%1 files", "%1 个文件"},
    {Word::SignOut, "Sign out", "退出登录"},
    {Word::SkipToContent, "Skip to the content", "跳到正文"},
    {Word::Languages, "Language", "语言"},
    {Word::SharedFolders, "Shared folders", "共享文件夹"},
    {Word::NothingShared, "Nothing is shared with everybody here. If somebody sent you a link, open that one.", "这里没有公开共享的内容。如果有人给您发送了链接，请打开那个链接。"},
    {Word::Folder, "Folder", "文件夹"},
    {Word::Picture, "Picture", "图片"},
    {Word::Video, "Video", "视频"},
    {Word::Audio, "Audio", "音频"},
    {Word::Text, "Text", "文本"},
    {Word::Pdf, "PDF document", "PDF 文档"},
    {Word::Archive, "Archive", "压缩包"},
    {Word::File, "File", "文件"},
    {Word::Download, "Download", "下载"},
    {Word::DownloadSize, "Download (%1)", "下载 (%1)"},
    {Word::FromTheSender, "Note from the sender", "发送者的留言"},
    {Word::Expires, "Available until %1", "有效期至 %1"},
    {Word::OneDownloadLeft, "1 download left", "还可下载 1 次"},
    {Word::DownloadsLeft, "%1 downloads left", "还可下载 %1 次"},
    {Word::YoursOnly, "No further downloads; yours still works", "下载次数已用完；您仍可继续下载"},
    {Word::Preview, "Preview", "预览"},
    {Word::ShowPreview, "Show preview", "显示预览"},
    {Word::PreviewCounts, "The preview counts as your download.", "预览将计为您的一次下载。"},
    {Word::OpenInBrowser, "Open in the browser", "在浏览器中打开"},
    {Word::TextIsCut, "This is the beginning of the file. Download it to see all of it.", "这里只显示文件的开头。下载后可查看全部内容。"},
    {Word::TextFailed, "The preview could not be loaded.", "无法加载预览。"},
    {Word::NeedsScript, "This preview needs JavaScript; the download does not.", "此预览需要 JavaScript；下载则不需要。"},
    {Word::Details, "Details", "详细信息"},
    {Word::Type, "Type", "类型"},
    {Word::Bytes, "%1 bytes", "%1 字节"},
    {Word::Checksum, "SHA-256", "SHA-256"},
    {Word::FromTerminal, "From a terminal", "在终端中下载"},
    {Word::Copy, "Copy", "复制"},
    {Word::Copied, "Copied", "已复制"},
    {Word::AsksForPassword, "The command asks for the password.", "命令会要求输入密码。"},
    {Word::BackToFolder, "All files", "全部文件"},
    {Word::TryAgain, "Try again", "重试"},
    {Word::TriesAgain, "This page tries again by itself in %1 s.", "本页将在 %1 秒后自动重试。"},
    {Word::RequestId, "Request %1", "请求编号 %1"},
    {Word::PasswordHeading, "Password needed", "需要密码"},
    {Word::PasswordText, "What was sent to you is protected. Whoever sent it can tell you the password.", "发给您的内容受密码保护。发送者可以告诉您密码。"},
    {Word::Password, "Password", "密码"},
    {Word::PasswordWrong, "This is not the password.", "密码不正确。"},
    {Word::Open, "Open", "打开"},
    {Word::SignInHeading, "Sign in", "登录"},
    {Word::SignInText, "This address needs a token. Whoever shares with you can give you one.", "此地址需要令牌。与您共享的人可以提供令牌。"},
    {Word::Token, "Token", "令牌"},
    {Word::TokenWrong, "This token does not open this address.", "此令牌无法打开这个地址。"},
    {Word::SignIn, "Sign in", "登录"},
    {Word::SignOutHeading, "Sign out", "退出登录"},
    {Word::SignOutText, "This browser will need a token again for this share.", "此浏览器再次打开这个共享时将需要令牌。"},
}};
// clang-format on

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].word) != i || kRows[i].english.empty() ||
            kRows[i].chinese.empty())
            return false;
    return true;
}
static_assert(inOrder(), "a row for each word, in the order of Word, with a text in each language");

} // namespace

std::string_view languageTag(Language language)
{
    return language == Language::Chinese ? "zh-Hans" : "en";
}

std::string_view languageCode(Language language)
{
    return kCodes[static_cast<std::size_t>(language)];
}

std::string_view languageName(Language language)
{
    return language == Language::Chinese ? "简体中文" : "English";
}

Language chooseLanguage(std::string_view parameter, std::string_view acceptLanguage)
{
    for (std::size_t i = 0; i < kCodes.size(); ++i)
        if (parameter.substr(0, 2) == kCodes[i])
            return static_cast<Language>(i);
    const auto preferred = http::preferredLanguage(acceptLanguage, kCodes);
    return static_cast<Language>(preferred.value_or(0));
}

std::string_view word(Word word, Language language)
{
    const Row& row = kRows[static_cast<std::size_t>(word)];
    return language == Language::Chinese ? row.chinese : row.english;
}

std::string fillIn(std::string_view text, std::string_view value)
{
    std::string filled(text);
    if (const auto at = filled.find("%1"); at != std::string::npos)
        filled.replace(at, 2, value);
    return filled;
}

} // namespace spillway::pages
