// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/settingrow.h"

#include "ui/models/settingtext.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/settingfield.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QStyle>

namespace spillway::ui {

namespace {

constexpr int kNarrow = 36; ///< of a row, in letters: below, its field has no room beside the words

/// "1m15s" and "64KiB" of the server's own words with a space before the unit; the words stay.
QString allowedText(const contract::Setting& setting)
{
    if (unitsOf(setting.type).isEmpty())
        return setting.type == QLatin1String("integer") ? setting.allowed : QString();
    const QStringList ends = setting.allowed.split(QStringLiteral(" to "));
    if (ends.size() != 2)
        return {};
    return SettingRow::tr("%1 to %2", "a range")
        .arg(valueText(setting, {ends[0]}), valueText(setting, {ends[1]}));
}

} // namespace

SettingRow::SettingRow(const contract::Setting& setting, Theme& theme) : setting_(setting), theme_(theme)
{
    setObjectName(QLatin1String("setting:") + setting.name);
    setProperty("role", QLatin1String("setting"));
    row_ = new QHBoxLayout(this);
    row_->setContentsMargins(16, 12, 0, 12);
    row_->setSpacing(24);
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    QLabel* help = label(settingSentence(setting.help));
    help->setWordWrap(true);
    words->addWidget(help);
    facts_ = label({}, "small");
    facts_->setWordWrap(true);
    facts_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    words->addWidget(facts_);
    words->addStretch();
    row_->addLayout(words, 1);

    auto* right = new QWidget;
    right->setFixedWidth(theme.metrics().text * 20);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    field_ = SettingField::make(setting, theme);
    column->addWidget(field_);
    auto* below = new QHBoxLayout;
    below->setSpacing(8);
    state_ = label({}, "small");
    state_->setWordWrap(true);
    reset_ = flatButton(tr("Default"), "undo", theme);
    reset_->setObjectName(QStringLiteral("reset"));
    reset_->setProperty("small", true);
    below->addWidget(state_, 1);
    below->addWidget(reset_, 0, Qt::AlignTop | Qt::AlignRight);
    column->addLayout(below);
    column->addStretch();
    row_->addWidget(right);
    connect(field_, &SettingField::edited, this, [this] {
        setProblem({});
        Q_EMIT edited();
    });
    connect(field_, &SettingField::confirmed, this, &SettingRow::confirmed);
    connect(reset_, &QPushButton::clicked, this, &SettingRow::resetWanted);
    describe();
}

void SettingRow::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    const bool narrow = width() < theme_.metrics().text * kNarrow;
    const auto direction = narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight;
    if (row_->direction() == direction)
        return;
    row_->setDirection(direction);
    row_->setSpacing(narrow ? 8 : 24);
}

QStringList SettingRow::value() const
{
    return field_->value();
}

bool SettingRow::isDirty() const
{
    return field_->isChanged();
}

void SettingRow::show(const contract::Setting& setting)
{
    setting_ = setting;
    problem_.clear();
    field_->setBad(false);
    field_->setKnown(setting.value);
    describe();
}

void SettingRow::meetOther(const contract::Setting& now)
{
    setting_ = now;
    setProblem(now.secret
                   ? tr("Another console changed it meanwhile. Save again to replace its value.")
                   : tr("Another console made it %1 meanwhile. Save again to replace that, or discard your "
                        "change.")
                         .arg(valueText(now, now.value)));
}

void SettingRow::discard()
{
    show(setting_);
}

void SettingRow::setProblem(const QString& problem)
{
    problem_ = problem;
    field_->setBad(!problem.isEmpty());
    describe();
}

void SettingRow::focusField()
{
    field_->focusValue();
}

void SettingRow::describe()
{
    QStringList facts{setting_.name};
    if (!setting_.secret)
        facts += tr("default %1").arg(valueText(setting_, setting_.defaultValue));
    if (const QString allowed = allowedText(setting_); !allowed.isEmpty())
        facts += allowed;
    if (!setting_.zeroMeans.isEmpty()) {
        const bool isNumber = !unitsOf(setting_.type).isEmpty() || setting_.type == QLatin1String("integer");
        facts += (isNumber ? tr("0: %1") : tr("empty: %1")).arg(settingSentence(setting_.zeroMeans));
    }
    facts_->setText(facts.join(QStringLiteral("  ·  ")));

    const bool fixed = !setting_.fixedBy.isEmpty();
    QString state;
    const char* role = "small";
    if (!problem_.isEmpty()) {
        state = problem_;
        role = "problem";
    } else if (fixed) {
        state = setting_.fixedBy == QLatin1String(contract::Setting::kOwnMachine)
                    ? tr("Changed on the server's own machine only")
                    : tr("Fixed by %1").arg(setting_.fixedBy);
    } else if (isDirty()) {
        state = setting_.needsRestart ? tr("Not saved · needs a restart") : tr("Not saved");
        role = "changed";
    } else if (setting_.pending) {
        state = tr("Holds after a restart");
        role = "changed";
    } else if (setting_.needsRestart) {
        state = tr("A change needs a restart");
    }
    state_->setText(state);
    if (state_->property("role").toString() != QLatin1String(role)) {
        state_->setProperty("role", QLatin1String(role));
        state_->style()->unpolish(state_);
        state_->style()->polish(state_);
    }
    const bool own = setting_.origin == contract::Setting::Origin::File;
    field_->setEnabled(!fixed);
    reset_->setVisible(own && !fixed && !isDirty());
    state_->setVisible(!state.isEmpty());
    // The mark at the left edge says at a glance what is not as it came.
    const char* mark = isDirty() ? "dirty" : own || fixed ? "own" : "none";
    if (property("mark").toString() != QLatin1String(mark)) {
        setProperty("mark", QLatin1String(mark));
        style()->unpolish(this);
        style()->polish(this);
    }
}

} // namespace spillway::ui
