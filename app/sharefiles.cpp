// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sharefiles.h"

#include "app/commands/output.h"
#include "server/admin/arguments.h"
#include "server/contract/sharename.h"

#include <filesystem>

namespace spillway::app {

namespace {

constexpr int kMostNames = 50; ///< "name", "name-2", … before giving up

/// Bytes that are no UTF-8 go as base64, under their own name.
QJsonObject withPath(QJsonObject parameters, std::string_view name, const std::string& path)
{
    const QString text = QString::fromStdString(path);
    if (text.toStdString() == path)
        parameters.insert(admin::toQString(name), text);
    else
        parameters.insert(admin::toQString(std::string(name) + "_base64"),
                          QString::fromLatin1(QByteArray::fromStdString(path).toBase64()));
    return parameters;
}

Result<void> addShare(const RunOperation& run, const std::string& path)
{
    for (int attempt = 1;; ++attempt) {
        const QString name = contract::shareNameFor(QString::fromStdString(path), attempt);
        const auto share = run("share.add", withPath({{QStringLiteral("name"), name}}, "path", path));
        if (share)
            return {};
        if (share.error().code != ErrorCode::AlreadyExists || attempt == kMostNames)
            return fail(share.error());
    }
}

Result<std::string> linkTo(const RunOperation& run, const std::string& path)
{
    const QJsonObject target = withPath({}, "target", path);
    auto link = run("link.create", target);
    if (!link && link.error().code == ErrorCode::NotFound) {
        if (auto added = addShare(run, path); !added)
            return fail(added.error());
        link = run("link.create", target);
    }
    if (!link)
        return fail(link.error());
    return link->toObject().value(QLatin1String("url")).toString().toStdString();
}

} // namespace

int shareFiles(const RunOperation& run, const std::vector<std::string>& files)
{
    int code = 0;
    for (const std::string& path : absolutePaths(files)) {
        const auto url = linkTo(run, path);
        if (url) {
            print(*url + "\n");
        } else {
            say(path + ": " + url.error().message);
            code = 1;
        }
    }
    std::fflush(stdout);
    return code;
}

std::vector<std::string> absolutePaths(const std::vector<std::string>& files)
{
    std::vector<std::string> paths;
    for (const std::string& file : files) {
        std::error_code problem;
        auto path = std::filesystem::absolute(file, problem).lexically_normal();
        if (!path.has_filename()) // "folder/"
            path = path.parent_path();
        paths.push_back(problem ? file : path.string());
    }
    return paths;
}

} // namespace spillway::app
