// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <QtCore/QStringList>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QLocalServer;

namespace spillway::app {

/// The door of a window for later starts by the same user on the same data folder: they hand over their
/// files, the window comes to the front, and they end.
///
///     later start ── "FILE\0FILE\0" ──► local socket in the user's runtime folder ──► window
///                 ◄───────── "ok" ─────
///
/// Main thread. The socket lies in a folder that only its user can enter.
class SingleInstance
{
public:
    SingleInstance();
    ~SingleInstance();

    /// Called with the files of a later start, none where it only wanted the window. The data folder's lock
    /// is held, so an old socket of that name is nobody's. Where it cannot listen, later starts fail with a
    /// word.
    [[nodiscard]] Result<void> listen(const std::string& dataFolder,
                                      std::function<void(const QStringList&)> called);

    /// Hands `files` (absolute) to the window that runs on that folder. NotFound where none listens. Waits a
    /// few seconds at most.
    [[nodiscard]] static Result<void> handOver(const std::string& dataFolder,
                                               const std::vector<std::string>& files);

private:
    std::unique_ptr<QLocalServer> server_;
    std::function<void(const QStringList&)> called_;
};

} // namespace spillway::app
