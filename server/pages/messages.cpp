// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/messages.h"

#include "server/http/status.h"

#include <algorithm>
#include <optional>

namespace spillway::pages {

namespace {

struct Row
{
    std::string_view detail; ///< what programs are told; "%1" is any text
    std::array<std::string_view, kLanguageCount> heading;
    std::array<std::string_view, kLanguageCount> text; ///< an empty English one: as `detail`
};

// clang-format off
constexpr Row kRows[] = {
    {"Nothing is shared at this address.",
     {"Nothing here", "这里没有内容"},
     {"Nothing is shared at this address. It may have been moved or deleted, or the address is incomplete.", "此地址没有共享任何内容。它可能已被移动或删除，或者地址不完整。"}},
    {"There is no such challenge.",
     {"Nothing here", "这里没有内容"}, {"", "没有这样的质询。"}},

    {"This address needs a valid link or token. The one that was used may have expired or been revoked.",
     {"This link does not open", "此链接无法打开"},
     {"It may have expired or been revoked, or a part of it is missing. Ask whoever sent it for a new one.", "它可能已过期或被撤销，也可能不完整。请向发送者索取新的链接。"}},
    {"This link has expired.",
     {"This link has expired", "此链接已过期"},
     {"What was sent to you is no longer available at this address. Ask whoever sent it for a new link.", "发给您的内容在此地址已不再提供。请向发送者索取新的链接。"}},
    {"This link has been downloaded as often as it may be.",
     {"This link is used up", "此链接的下载次数已用完"},
     {"It has been downloaded as often as it may be. Ask whoever sent it for a new one.", "它已达到允许的下载次数。请向发送者索取新的链接。"}},
    {"The link is damaged: copy it again, to its very end.",
     {"The link is damaged", "链接已损坏"},
     {"Something is wrong with this address. Copy the link again, to its very end.", "此地址有误。请重新完整复制链接。"}},
    {"The query has too many parameters.",
     {"The link is damaged", "链接已损坏"}, {"", "地址中的参数太多。"}},
    {"This address has more than one token.",
     {"The link is damaged", "链接已损坏"}, {"", "此地址包含多个令牌。"}},

    {"Downloads are paused here; try again later.",
     {"Downloads are paused", "下载已暂停"},
     {"Whoever shares here has paused downloads. What was sent to you is still there; try again later.", "共享者暂停了下载。发给您的内容仍然保留；请稍后再试。"}},
    {"This share's folder is not there at the moment; try again later.",
     {"Not available at the moment", "暂时不可用"},
     {"The disk that this is on is not connected to the server right now. The link stays good; try again later.", "存放此内容的磁盘目前未连接到服务器。链接仍然有效；请稍后再试。"}},
    {"Too many downloads run at a time (limit of the level %1); try again in a moment.",
     {"Busy at the moment", "目前繁忙"},
     {"As many downloads are running as the server does at a time, and nobody has finished meanwhile.", "正在进行的下载已达到服务器的上限，且尚无下载完成。"}},
    {"Too many requests; this one may be made again in %1 s.",
     {"A little too fast", "请求过于频繁"},
     {"Too many requests came from your address. This one may be made again in %1 s.", "来自您地址的请求过多。%1 秒后可以重试。"}},
    {"The server is busy; try again in a moment.",
     {"Busy at the moment", "目前繁忙"},
     {"The server has much to do right now.", "服务器目前很忙。"}},
    {"The links cannot be looked up now; try again in a moment.",
     {"Not available at the moment", "暂时不可用"},
     {"The server cannot look up links right now.", "服务器暂时无法查找链接。"}},
    {"The link's downloads cannot be counted now; try again in a moment.",
     {"Not available at the moment", "暂时不可用"},
     {"The server cannot count downloads right now, and this link has a limited number of them.", "服务器暂时无法统计下载次数，而此链接的下载次数有限。"}},
    {"Passwords cannot be checked now; try again in a moment.",
     {"Not available at the moment", "暂时不可用"},
     {"The server cannot check passwords right now.", "服务器暂时无法检查密码。"}},
    {"Too many passwords are being checked; try again in a moment.",
     {"Busy at the moment", "目前繁忙"},
     {"Many passwords are being checked right now.", "服务器正在检查许多密码。"}},

    {"Your address is banned here until %1.",
     {"You are locked out for now", "您暂时被禁止访问"},
     {"Too many wrong passwords, tokens or links came from your address. It is let in again after %1.", "来自您地址的错误密码、令牌或链接过多。%1 之后可再次访问。"}},
    {"Your address is banned here.",
     {"You are locked out", "您已被禁止访问"},
     {"Whoever runs this server does not let your address in.", "此服务器的管理员不允许您的地址访问。"}},
    {"This form was sent by another site.",
     {"This did not come from our page", "此请求并非来自本站页面"},
     {"The form was sent by another site. Open the link again and try from there.", "该表单由其他网站发送。请重新打开链接后再试。"}},
    {"This server answers over HTTPS only.",
     {"Only over HTTPS", "仅支持 HTTPS"},
     {"Put https:// in front of the address.", "请在地址前使用 https://。"}},
    {"The server may not read this file.",
     {"This file cannot be read", "无法读取此文件"},
     {"The server is not allowed to read it. Tell whoever sent you the link.", "服务器无权读取该文件。请告知链接的发送者。"}},
    {"The file cannot be read.",
     {"This file cannot be read", "无法读取此文件"},
     {"The server could not read it from its disk. Tell whoever sent you the link.", "服务器无法从磁盘读取该文件。请告知链接的发送者。"}},
    {"The file is not the one that this request asks for.",
     {"The file has changed", "文件已更改"}, {"", "该文件不是此请求所要的文件。"}},
    {"The file has no such bytes.",
     {"The file has changed", "文件已更改"}, {"", "该文件没有这些字节。"}},

    {"Folders cannot be listed or packed now, because the server is busy; files can be had.",
     {"Busy at the moment", "目前繁忙"},
     {"The server has much to do right now and shows and packs no folders. Links to files go on working.", "服务器目前很忙，暂不显示或打包文件夹。指向文件的链接仍可使用。"}},
    {"This folder is still being read; try again in a moment.",
     {"Not ready yet", "尚未就绪"}, {"The folder is large and is still being read.", "文件夹较大，仍在读取中。"}},
    {"The checksums that this part of the archive needs are still being computed; try again in a moment.",
     {"Not ready yet", "尚未就绪"}, {"The archive is still being prepared.", "压缩包仍在准备中。"}},
    {"A file of this folder changed just now; ask for the archive again.",
     {"The folder has changed", "文件夹已更改"},
     {"A file in it changed just now. Ask for the archive again.", "其中的文件刚刚发生了更改。请重新请求压缩包。"}},
    {"The folder is not as it was when this archive was begun.",
     {"The folder has changed", "文件夹已更改"},
     {"It is not as it was when this archive was begun. Start the download anew.", "文件夹与开始下载时已不同。请重新开始下载。"}},
    {"This folder has too many entries for one archive; take the folders in it.",
     {"Too much for one archive", "内容太多，无法打包"},
     {"This folder has too many entries for one archive. Take the folders in it one by one.", "此文件夹的项目太多，无法打成一个压缩包。请分别下载其中的文件夹。"}},
    {"The server may not read this folder.",
     {"This folder cannot be read", "无法读取此文件夹"},
     {"The server is not allowed to read it. Tell whoever sent you the link.", "服务器无权读取该文件夹。请告知链接的发送者。"}},
    {"The folder cannot be read.",
     {"This folder cannot be read", "无法读取此文件夹"},
     {"The server could not read it from its disk. Tell whoever sent you the link.", "服务器无法从磁盘读取该文件夹。请告知链接的发送者。"}},
    {"The folder, or what was selected in it, is not there.",
     {"Nothing here", "这里没有内容"}, {"", "该文件夹或其中所选的内容不存在。"}},
    {"The selection is damaged: a name in it is not percent-encoded as it should be.",
     {"The link is damaged", "链接已损坏"}, {"", "所选内容有误：其中的名称编码不正确。"}},
    {"The selection has a name that cannot be in a folder.",
     {"The link is damaged", "链接已损坏"}, {"", "所选内容包含不可能出现在文件夹中的名称。"}},
    {"The archive has no such bytes.",
     {"The folder has changed", "文件夹已更改"}, {"", "该压缩包没有这些字节。"}},
    {"The checksum of this file is not known yet, and the file is too large to compute it for one request.",
     {"No checksum yet", "尚无校验值"}, {"", "此文件的校验值尚未计算，且文件太大，无法为单个请求计算。"}},
    {"The file changed while its checksum was computed; try again.",
     {"The file has changed", "文件已更改"}, {"", "计算校验值时文件发生了更改；请重试。"}},

    {"Only GET, HEAD and OPTIONS are possible here.",
     {"This cannot be done here", "此处不支持该操作"}, {"", "此处只支持 GET、HEAD 和 OPTIONS。"}},
    {"This server does not know that method.",
     {"This cannot be done here", "此处不支持该操作"}, {"", "此服务器不支持该方法。"}},
    {"This address takes no request body of that size.",
     {"This cannot be done here", "此处不支持该操作"}, {"", "此地址不接受这么大的请求内容。"}},
    {"The server did not answer this request.",
     {"Something went wrong", "出错了"}, {"", "服务器没有答复此请求。"}},
};
// clang-format on

/// What stands for "%1" in `detail`, or null where it is another sentence.
std::optional<std::string_view> matched(std::string_view pattern, std::string_view detail)
{
    const auto hole = pattern.find("%1");
    if (hole == std::string_view::npos)
        return pattern == detail ? std::optional(std::string_view("")) : std::nullopt;
    const std::string_view before = pattern.substr(0, hole), after = pattern.substr(hole + 2);
    if (detail.size() < before.size() + after.size() || !detail.starts_with(before) ||
        !detail.ends_with(after))
        return std::nullopt;
    detail.remove_suffix(after.size());
    return detail.substr(before.size());
}

std::string_view chineseHeading(int status)
{
    switch (status) {
    case 403:
        return "禁止访问";
    case 404:
        return "这里没有内容";
    case 503:
        return "暂时不可用";
    default:
        return status >= 500 ? "出错了" : "无法处理此请求";
    }
}

} // namespace

Message messageFor(int status, std::string_view detail, Language language, std::string& filled)
{
    const auto index = static_cast<std::size_t>(language);
    for (const Row& row : kRows) {
        const auto value = matched(row.detail, detail);
        if (!value)
            continue;
        filled = row.text[index].empty() ? std::string(detail) : fillIn(row.text[index], *value);
        return {row.heading[index], filled};
    }
    return {language == Language::Chinese ? chineseHeading(status) : http::reasonPhrase(status), detail};
}

bool hasMessage(std::string_view detail)
{
    return std::ranges::any_of(kRows,
                               [&](const Row& row) { return matched(row.detail, detail).has_value(); });
}

} // namespace spillway::pages
