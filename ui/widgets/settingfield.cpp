// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/settingfield.h"

#include "ui/models/settingtext.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/switch.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QStyle>

namespace spillway::ui {

namespace {

using contract::Setting;

/// Marks a line in red; the style sheet knows the property.
void markBad(QLineEdit& line, bool bad)
{
    line.setProperty("bad", bad);
    line.style()->unpolish(&line);
    line.style()->polish(&line);
}

QHBoxLayout* rowIn(QWidget& box)
{
    auto* row = new QHBoxLayout(&box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    return row;
}

class SwitchField final : public SettingField
{
public:
    SwitchField(const Setting& setting, Theme& theme)
        : switch_(new Switch(settingSentence(setting.help), theme))
    {
        QHBoxLayout* row = rowIn(*this);
        row->addStretch();
        row->addWidget(switch_);
        connect(switch_, &QAbstractButton::toggled, this, &SettingField::edited);
    }
    [[nodiscard]] QStringList value() const override
    {
        return {QLatin1String(switch_->isChecked() ? "true" : "false")};
    }
    void setValue(const QStringList& value) override
    {
        const QSignalBlocker quiet(switch_);
        switch_->setChecked(value.value(0) == QLatin1String("true"));
        switch_->update();
    }
    void focusValue() override { switch_->setFocus(Qt::ShortcutFocusReason); }

private:
    Switch* switch_;
};

class ChoiceField final : public SettingField
{
public:
    explicit ChoiceField(const Setting& setting) : choice_(new QComboBox)
    {
        choice_->addItems(setting.choices);
        choice_->setAccessibleName(settingSentence(setting.help));
        rowIn(*this)->addWidget(choice_);
        connect(choice_, &QComboBox::currentTextChanged, this, &SettingField::edited);
    }
    [[nodiscard]] QStringList value() const override { return {choice_->currentText()}; }
    void setValue(const QStringList& value) override
    {
        const QSignalBlocker quiet(choice_);
        choice_->setCurrentText(value.value(0));
    }
    void focusValue() override { choice_->setFocus(Qt::ShortcutFocusReason); }

private:
    QComboBox* choice_;
};

/// One line of text; of a list its entries with commas between them.
class LineField final : public SettingField
{
public:
    explicit LineField(const Setting& setting) : isList_(setting.isList), line_(new QLineEdit)
    {
        line_->setAccessibleName(settingSentence(setting.help));
        if (setting.secret) {
            line_->setEchoMode(QLineEdit::Password);
            line_->setPlaceholderText(setting.isSet ? SettingField::tr("is set; type to replace it")
                                                    : SettingField::tr("not set"));
        } else if (!setting.zeroMeans.isEmpty()) {
            line_->setPlaceholderText(settingSentence(setting.zeroMeans));
        }
        if (setting.type == QLatin1String("integer"))
            line_->setAlignment(Qt::AlignRight);
        rowIn(*this)->addWidget(line_);
        connect(line_, &QLineEdit::textEdited, this, &SettingField::edited);
        connect(line_, &QLineEdit::returnPressed, this, &SettingField::confirmed);
    }
    [[nodiscard]] QStringList value() const override
    {
        const QString text = line_->text().trimmed();
        if (!isList_)
            return {text};
        QStringList items;
        for (const QString& item : text.split(QLatin1Char(','), Qt::SkipEmptyParts))
            items += item.trimmed();
        return items;
    }
    void setValue(const QStringList& value) override
    {
        line_->setText(value.join(QStringLiteral(", ")));
        line_->setCursorPosition(0);
    }
    void focusValue() override
    {
        line_->setFocus(Qt::ShortcutFocusReason);
        line_->selectAll();
    }
    void setBad(bool bad) override { markBad(*line_, bad); }

private:
    const bool isList_;
    QLineEdit* line_;
};

class QuantityField final : public SettingField
{
public:
    explicit QuantityField(const Setting& setting)
        : type_(setting.type), number_(new QLineEdit), unit_(new QComboBox)
    {
        number_->setAccessibleName(settingSentence(setting.help));
        number_->setAlignment(Qt::AlignRight);
        unit_->setAccessibleName(SettingField::tr("Unit"));
        for (const QString& unit : unitsOf(type_))
            unit_->addItem(unitName(unit), unit);
        QHBoxLayout* row = rowIn(*this);
        row->addWidget(number_, 3);
        row->addWidget(unit_, 2);
        connect(number_, &QLineEdit::textEdited, this, &SettingField::edited);
        connect(number_, &QLineEdit::returnPressed, this, &SettingField::confirmed);
        connect(unit_, &QComboBox::currentIndexChanged, this, &SettingField::edited);
    }
    [[nodiscard]] QStringList value() const override
    {
        return {textOf({number_->text(), unit_->currentData().toString()})};
    }
    void setValue(const QStringList& value) override
    {
        const QSignalBlocker quiet(unit_);
        const Quantity quantity = quantityOf(type_, value.value(0));
        number_->setText(quantity.number);
        int place = unit_->findData(quantity.unit);
        if (place < 0) { // the file may have "1GB"
            unit_->addItem(quantity.unit, quantity.unit);
            place = unit_->count() - 1;
        }
        unit_->setCurrentIndex(place);
    }
    void focusValue() override
    {
        number_->setFocus(Qt::ShortcutFocusReason);
        number_->selectAll();
    }
    void setBad(bool bad) override { markBad(*number_, bad); }

private:
    const QString type_;
    QLineEdit* number_;
    QComboBox* unit_;
};

/// Addresses that all have one port: the port has a field of its own, for that is what people come to change.
class EndpointsField final : public SettingField
{
public:
    explicit EndpointsField(const Setting& setting) : hosts_(new QLineEdit), port_(new QLineEdit)
    {
        hosts_->setAccessibleName(settingSentence(setting.help));
        hosts_->setPlaceholderText(settingSentence(setting.zeroMeans));
        port_->setAccessibleName(SettingField::tr("Port"));
        port_->setPlaceholderText(SettingField::tr("Port"));
        port_->setAlignment(Qt::AlignRight);
        port_->setObjectName(QStringLiteral("port"));
        QHBoxLayout* row = rowIn(*this);
        row->addWidget(hosts_, 3);
        row->addWidget(port_, 2);
        for (QLineEdit* line : {hosts_, port_}) {
            connect(line, &QLineEdit::textEdited, this, &SettingField::edited);
            connect(line, &QLineEdit::returnPressed, this, &SettingField::confirmed);
        }
    }
    [[nodiscard]] QStringList value() const override
    {
        QStringList endpoints;
        for (const QString& item : hosts_->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            const QString host = item.trimmed();
            const bool whole = splitPort(host) > 0; // a port of its own was written, or stood there before
            endpoints += whole ? host : host + QLatin1Char(':') + port_->text().trimmed();
        }
        return endpoints;
    }
    void setValue(const QStringList& value) override
    {
        QStringList hosts, ports;
        for (const QString& endpoint : value) {
            const qsizetype colon = splitPort(endpoint);
            hosts += endpoint.left(colon);
            ports += endpoint.mid(colon + 1);
        }
        ports.removeDuplicates();
        const bool onePort = ports.size() <= 1;
        port_->setVisible(onePort);
        port_->setText(onePort ? ports.value(0) : QString());
        hosts_->setText((onePort ? hosts : value).join(QStringLiteral(", ")));
        hosts_->setCursorPosition(0);
    }
    void focusValue() override
    {
        QLineEdit* line = port_->isHidden() ? hosts_ : port_;
        line->setFocus(Qt::ShortcutFocusReason);
        line->selectAll();
    }
    void setBad(bool bad) override
    {
        markBad(*hosts_, bad);
        markBad(*port_, bad);
    }

private:
    /// Where "127.0.0.1:80" or "[::1]:80" has its last colon; -1 where it has no port.
    static qsizetype splitPort(const QString& endpoint)
    {
        const qsizetype colon = endpoint.lastIndexOf(QLatin1Char(':'));
        return colon > endpoint.lastIndexOf(QLatin1Char(']')) ? colon : -1;
    }

    QLineEdit* hosts_;
    QLineEdit* port_;
};

SettingField* fieldFor(const Setting& setting, Theme& theme)
{
    if (setting.type == QLatin1String("bool"))
        return new SwitchField(setting, theme);
    if (setting.type == QLatin1String("choice"))
        return new ChoiceField(setting);
    if (setting.type == QLatin1String("endpoints"))
        return new EndpointsField(setting);
    if (!unitsOf(setting.type).isEmpty())
        return new QuantityField(setting);
    return new LineField(setting);
}

} // namespace

SettingField* SettingField::make(const Setting& setting, Theme& theme)
{
    SettingField* field = fieldFor(setting, theme);
    field->setKnown(setting.value);
    return field;
}

void SettingField::setKnown(const QStringList& value)
{
    setValue(value);
    known_ = this->value(); // "1m15s" is 75 s here
}

} // namespace spillway::ui
