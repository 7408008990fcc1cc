// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "ui/models/bansmodel.h"

#include <QtCore/QObject>
#include <functional>

namespace spillway::ui {

class Session;

/// The banned addresses of the session's server. On the console's thread, as long as the session.
class BanControl final : public QObject
{
    Q_OBJECT
public:
    explicit BanControl(Session& session);

    [[nodiscard]] BansModel& model() { return model_; }
    [[nodiscard]] const contract::BanRules& rules() const { return rules_; }
    [[nodiscard]] bool known() const { return known_; }

    void refresh();
    /// With undo. `reply` may be empty: then a failure is a notice.
    void add(const contract::AddBan& ban, std::function<void(const Result<contract::Ban>&)> reply = {});
    /// With undo: the ban is made again for the time that it had left.
    void lift(const std::vector<contract::Ban>& bans);

Q_SIGNALS:
    void changed();

private:
    Session& session_;
    BansModel model_;
    contract::BanRules rules_;
    bool known_ = false;
};

} // namespace spillway::ui
