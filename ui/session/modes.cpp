// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/modes.h"

#include "ui/models/format.h"
#include "ui/session/session.h"

#include <cmath>

namespace spillway::ui {

using namespace std::chrono_literals;

namespace {

struct Words
{
    const char* mode;
    const char* name;
    const char* sentence;
    const char* rule;
};
constexpr std::array kWords{
    Words{"normal", QT_TRANSLATE_NOOP("spillway::ui::Modes", "Normal"),
          QT_TRANSLATE_NOOP("spillway::ui::Modes", "Everything is on."), ""},
    Words{"paused", QT_TRANSLATE_NOOP("spillway::ui::Modes", "Paused"),
          QT_TRANSLATE_NOOP("spillway::ui::Modes", "No new downloads; running ones finish."), ""},
    Words{"saving", QT_TRANSLATE_NOOP("spillway::ui::Modes", "Saving"),
          QT_TRANSLATE_NOOP("spillway::ui::Modes", "No folder pages, no folder ZIPs, no search; one request "
                                                   "of ten is logged. Files are sent as ever."),
          QT_TRANSLATE_NOOP("spillway::ui::Modes",
                            "On by itself while one of these is over its limit for 10 seconds.")},
    Words{"read-only", QT_TRANSLATE_NOOP("spillway::ui::Modes", "Read-only"),
          QT_TRANSLATE_NOOP(
              "spillway::ui::Modes",
              "No new links, no changes to shares, tokens and limits. Downloads go on and are counted."),
          QT_TRANSLATE_NOOP("spillway::ui::Modes",
                            "On by itself while the disk of the data folder is nearly full.")},
    Words{"catalog-down", QT_TRANSLATE_NOOP("spillway::ui::Modes", "Catalog down"),
          QT_TRANSLATE_NOOP(
              "spillway::ui::Modes",
              "Nothing is read from or written to the catalog: links seen lately still work, others wait."),
          QT_TRANSLATE_NOOP("spillway::ui::Modes",
                            "On by itself when half of the catalog's answers fail for 30 seconds.")},
    Words{"draining", QT_TRANSLATE_NOOP("spillway::ui::Modes", "Ending"),
          QT_TRANSLATE_NOOP(
              "spillway::ui::Modes",
              "No new connections; running downloads have until the deadline, then the server ends."),
          ""},
};

const Words* wordsOf(const QString& mode)
{
    const auto found = std::find_if(kWords.begin(), kWords.end(),
                                    [&mode](const Words& one) { return mode == QLatin1String(one.mode); });
    return found == kWords.end() ? nullptr : &*found;
}

QString seconds(double milliseconds)
{
    return formatDecimal(std::round(milliseconds / 100) / 10) + QLatin1String(" s");
}

QString percent(double value)
{
    return QStringLiteral("%1 %").arg(std::llround(value));
}

} // namespace

QString modeText(const QString& mode)
{
    const Words* words = wordsOf(mode);
    return words ? Modes::tr(words->name) : mode;
}

QString modeSentence(const QString& mode)
{
    const Words* words = wordsOf(mode);
    return words ? Modes::tr(words->sentence) : QString();
}

QString modeRule(const QString& mode)
{
    const Words* words = wordsOf(mode);
    return words && *words->rule ? Modes::tr(words->rule) : QString();
}

QString gaugeText(const contract::ModeGauge& gauge)
{
    if (gauge.name == QLatin1String("disk_free"))
        return Modes::tr("Free disk %1, at least %2")
            .arg(formatSize(std::llround(gauge.value)), formatSize(std::llround(gauge.limit)));
    if (gauge.name == QLatin1String("queue_wait"))
        return Modes::tr("Waiting time of downloads %1 of %2")
            .arg(seconds(gauge.value), seconds(gauge.limit));
    const QString name = gauge.name == QLatin1String("cpu")           ? Modes::tr("Processor")
                         : gauge.name == QLatin1String("memory")      ? Modes::tr("Memory")
                         : gauge.name == QLatin1String("descriptors") ? Modes::tr("Open files")
                                                                      : gauge.name;
    if (gauge.limit >= 100)
        return name + QLatin1Char(' ') + percent(gauge.value);
    return Modes::tr("%1 %2 of %3", "a measure, its value and its limit")
        .arg(name, percent(gauge.value), percent(gauge.limit));
}

double gaugeFraction(const contract::ModeGauge& gauge)
{
    if (gauge.below)
        return gauge.value > 0 ? gauge.limit / gauge.value : 1;
    return gauge.limit > 0 ? gauge.value / gauge.limit : 0;
}

Modes::Modes(contract::EngineClient& client) : client_(client)
{
    every_.callOnTimeout(this, [this] { refresh(); });
    refresh();
}

const contract::ModeState* Modes::find(const QString& name) const
{
    const auto found = std::find_if(modes_.begin(), modes_.end(),
                                    [&name](const contract::ModeState& mode) { return mode.name == name; });
    return found == modes_.end() ? nullptr : &*found;
}

void Modes::follow(bool follow)
{
    followers_ += follow ? 1 : -1;
    if (followers_ > 0 && !every_.isActive())
        every_.start(1s);
    else if (followers_ == 0)
        every_.stop();
    if (follow)
        refresh();
}

void Modes::refresh()
{
    client_.run<contract::ShowModes>(this, {}, [this](Result<std::vector<contract::ModeState>> modes) {
        if (modes)
            take(std::move(*modes));
    });
}

void Modes::take(std::vector<contract::ModeState> modes)
{
    if (modes == modes_)
        return;
    modes_ = std::move(modes);
    Q_EMIT changed();
}

void Modes::set(const QString& mode, const QString& setting)
{
    send(mode, setting, true);
}

void Modes::send(const QString& mode, const QString& setting, bool undoable)
{
    std::vector<std::pair<QString, QString>> before;
    for (const contract::ModeState& one : modes_)
        if (one.name == mode || (mode == QLatin1String("normal") && one.byHand != QLatin1String("off")))
            before.emplace_back(one.name, one.byHand);
    client_.run<contract::SetMode>(
        this, {mode, setting}, [this, mode, setting, before, undoable](Result<contract::ModeChange> change) {
            if (!change)
                return Q_EMIT notice({QString::fromStdString(change.error().message), {}, {}, 10s, true});
            take(std::move(change->modes));
            if (!change->kept)
                return Q_EMIT notice(
                    {tr("This holds until the server ends: %1").arg(change->problem), {}, {}, 10s, true});
            if (!undoable || mode == QLatin1String("draining"))
                return;
            const QString said = setting == QLatin1String("on") ? tr("Mode: %1").arg(modeText(mode))
                                 : setting == QLatin1String("never")
                                     ? tr("%1: never by itself").arg(modeText(mode))
                                     : tr("%1: off").arg(modeText(mode));
            Q_EMIT notice({said, tr("Undo"),
                           [this, before] {
                               for (const auto& [name, byHand] : before)
                                   send(name, byHand, false);
                           },
                           Session::kUndo});
        });
}

} // namespace spillway::ui
