// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/engineclient.h"

#include <QtCore/QTimer>

namespace spillway::ui {

struct Notice;

/// The modes of the session's server: as they were asked for last, and the way to set them. On the console's
/// thread.
class Modes final : public QObject
{
    Q_OBJECT
public:
    explicit Modes(contract::EngineClient& client);

    [[nodiscard]] const std::vector<contract::ModeState>& all() const { return modes_; }
    [[nodiscard]] const contract::ModeState* find(const QString& name) const;
    void refresh();
    /// `setting`: "on", "off" (its rule decides) or "never". With an undo that brings back what was.
    void set(const QString& mode, const QString& setting);
    /// While somebody looks, they are asked for every second; called with true as often as with false.
    void follow(bool follow);

Q_SIGNALS:
    void changed();
    void notice(const spillway::ui::Notice& notice);

private:
    void take(std::vector<contract::ModeState> modes);
    void send(const QString& mode, const QString& setting, bool undoable);

    contract::EngineClient& client_;
    std::vector<contract::ModeState> modes_;
    QTimer every_;
    int followers_ = 0;
};

/// "Normal", "Draining": a mode of the server in a word.
[[nodiscard]] QString modeText(const QString& mode);
/// What it turns off, in a sentence; empty for a mode that this console does not know.
[[nodiscard]] QString modeSentence(const QString& mode);
/// When its rule wants it, in a sentence; empty where it has none.
[[nodiscard]] QString modeRule(const QString& mode);
/// "Processor 42 % of 95 %", and how near that is: 1 and more is over the limit.
[[nodiscard]] QString gaugeText(const contract::ModeGauge& gauge);
[[nodiscard]] double gaugeFraction(const contract::ModeGauge& gauge);

} // namespace spillway::ui
