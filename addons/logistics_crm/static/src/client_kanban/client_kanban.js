import { registry } from "@web/core/registry";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { kanbanView } from "@web/views/kanban/kanban_view";

class ClientKanbanModel extends RelationalModel {
    setup(params, { action }) {
        super.setup(...arguments);
        this.action = action;
    }
}

class ClientKanbanGroupList extends RelationalModel.DynamicGroupList {
    /**
     * Ask why a client was lost when it is dragged to a stage of lost clients.
     *
     * @override
     */
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        await super.moveRecord(...arguments);
        const target = this.groups.find((group) => group.id === targetGroupId);
        if (
            dataGroupId === targetGroupId ||
            target?.groupByField.name !== "logistics_stage_id"
        ) {
            return;
        }
        const record = target.list.records.find((each) => each.id === dataRecordId);
        if (!record) {
            return;
        }
        const question = await this.model.orm.call(
            "res.partner",
            "action_ask_logistics_loss_reason",
            [[record.resId]],
            { context: { ...this.context, logistics_only_missing: true } }
        );
        if (question) {
            await this.model.action.doAction(question);
        }
    }
}

ClientKanbanModel.DynamicGroupList = ClientKanbanGroupList;
ClientKanbanModel.services = [...RelationalModel.services, "action"];

registry.category("views").add("logistics_client_kanban", {
    ...kanbanView,
    Model: ClientKanbanModel,
});
