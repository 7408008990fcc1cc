// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <gtest/gtest.h>
#include <memory>

namespace spillway::ui {

/// A model under Qt's own tester; at the end of a test it must never have been reset.
class ModelTest : public testing::Test
{
protected:
    void watch(QAbstractItemModel& model)
    {
        tester_ = std::make_unique<QAbstractItemModelTester>(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        reset_ = std::make_unique<QSignalSpy>(&model, &QAbstractItemModel::modelReset);
    }
    void TearDown() override
    {
        if (reset_) {
            EXPECT_EQ(reset_->count(), 0) << "nothing is ever reset";
        }
        tester_.reset();
    }
    std::unique_ptr<QAbstractItemModelTester> tester_;
    std::unique_ptr<QSignalSpy> reset_;
};

} // namespace spillway::ui
