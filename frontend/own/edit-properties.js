// What an element of a drawing names in its scene: who does it, with which form, by when. Written as Camunda Modeler does.
"use strict";
const Properties = (() => {
  const { offers, words } = Editing;
  const fields = document.getElementById("properties-fields");
  let modeler = null, shown = null;
  const get = (name) => modeler.get(name);
  const is = (element, ...types) => types.some((type) => element.businessObject.$instanceOf(`bpmn:${type}`));

  // --- extensions

  const extension = (object, type) => object.extensionElements?.get("values").find((one) => one.$type === `zeebe:${type}`);

  const write = (element, type, values) => {
    const object = element.businessObject, factory = get("bpmnFactory");
    const keep = (object.extensionElements?.get("values") ?? []).filter((one) => one.$type !== `zeebe:${type}`);
    const empty = Object.values(values).every((value) => value === undefined || value === "" || value?.length === 0);
    const holder = factory.create("bpmn:ExtensionElements", { values: [] });
    if (!empty) {
      const known = extension(object, type);
      const kept = Object.fromEntries(Object.entries(known ?? {}).filter(([key]) => !key.startsWith("$") && key !== "properties"));
      const made = factory.create(`zeebe:${type}`, { ...kept, ...values });
      made.$parent = holder;
      keep.push(made);
    }
    for (const one of keep) one.$parent = holder;
    holder.values = keep;
    holder.$parent = object;
    get("modeling").updateModdleProperties(element, object, { extensionElements: keep.length ? holder : undefined });
  };

  const property = (object, name) => extension(object, "Properties")?.properties?.find((one) => one.name === name)?.value ?? "";

  const writeProperty = (element, name, value) => {
    const factory = get("bpmnFactory");
    const others = (extension(element.businessObject, "Properties")?.properties ?? []).filter((one) => one.name !== name);
    const properties = value ? [...others, factory.create("zeebe:Property", { name, value })] : others;
    write(element, "Properties", { properties });
  };

  const writeExpression = (element, object, name, text) => {
    const made = text ? get("bpmnFactory").create("bpmn:FormalExpression", { body: text }) : undefined;
    if (made) made.$parent = object;
    get("modeling").updateModdleProperties(element, object, { [name]: made });
  };

  const inside = (object, process) => Boolean(object) && (object === process || inside(object.$parent, process));

  // --- fields

  const rows = (element) => {
    const object = element.businessObject, found = [];
    const add = (key, label, value, set, choices) => found.push({ key, label, value: value ?? "", set, choices });
    if (!is(element, "Process", "Collaboration")) {
      add("name", words.fields.name, object.name, (value) => get("modeling").updateProperties(element, { name: value }));
    }
    if (is(element, "UserTask")) {
      add("role", words.fields.role, extension(object, "AssignmentDefinition")?.candidateGroups,
        (value) => write(element, "AssignmentDefinition", { candidateGroups: value }), offers.roles);
      add("form", words.fields.form, extension(object, "FormDefinition")?.formId,
        (value) => write(element, "FormDefinition", { formId: value }), offers.forms);
      add("action", words.fields.action, property(object, "action"), (value) => writeProperty(element, "action", value), offers.actions);
      add("clock", words.fields.clock, property(object, "clock"), (value) => writeProperty(element, "clock", value), offers.clocks);
    }
    if (is(element, "ServiceTask", "SendTask")) {
      add("service", words.fields.service, extension(object, "TaskDefinition")?.type,
        (value) => write(element, "TaskDefinition", { type: value }), offers.services);
      add("letter", words.fields.letter, property(object, "letter"), (value) => writeProperty(element, "letter", value), offers.letters);
    }
    if (is(element, "BusinessRuleTask")) {
      const called = extension(object, "CalledDecision");
      add("decision", words.fields.decision, called?.decisionId,
        (value) => write(element, "CalledDecision", { decisionId: value, resultVariable: called?.resultVariable || value }), offers.decisions);
      add("result", words.fields.result, called?.resultVariable,
        (value) => write(element, "CalledDecision", { decisionId: called?.decisionId, resultVariable: value }));
    }
    if (is(element, "CallActivity")) {
      // Another process of the file; each participant of the drawing has one.
      const own = get("canvas").getRootElement().businessObject;
      const others = modeler.getDefinitions().rootElements.filter((one) => one.$type === "bpmn:Process" && one !== own && !inside(object, one));
      add("called", words.fields.called, extension(object, "CalledElement")?.processId,
        (value) => write(element, "CalledElement", { processId: value }),
        others.map((one) => ({ value: one.id, label: one.name ? `${one.name} · ${one.id}` : one.id })));
    }
    if (is(element, "Task", "SubProcess")) {
      add("stage", words.fields.stage, property(object, "stage"), (value) => writeProperty(element, "stage", value), offers.stages);
    }
    if (is(element, "SequenceFlow") && element.source && is(element.source, "ExclusiveGateway", "InclusiveGateway")) {
      add("condition", words.fields.condition, object.conditionExpression?.body,
        (value) => writeExpression(element, object, "conditionExpression", value));
      const gateway = element.source;
      add("default", words.fields.isDefault, gateway.businessObject.default === object ? "yes" : "",
        (value) => get("modeling").updateProperties(gateway, { default: value ? object : undefined }),
        [{ value: "yes", label: words.yes }]);
    }
    const timer = object.eventDefinitions?.find((one) => one.$type === "bpmn:TimerEventDefinition");
    if (timer) {
      for (const name of ["timeDuration", "timeDate", "timeCycle"]) {
        if (name === "timeDuration" || timer[name]) {
          add(name, words.fields[name], timer[name]?.body, (value) => writeExpression(element, timer, name, value));
        }
      }
    }
    return found;
  };

  const control = (row) => {
    if (!row.choices) {
      const input = document.createElement("input");
      input.value = row.value;
      return input;
    }
    const select = document.createElement("select");
    const known = row.choices.some((one) => one.value === row.value) || row.value === "";
    const choices = known ? row.choices : [{ value: row.value, label: row.value }, ...row.choices];
    for (const one of [{ value: "", label: "—" }, ...choices]) {
      select.append(new Option(one.label, one.value, false, one.value === row.value));
    }
    return select;
  };

  const draw = (element) => {
    shown = element;
    if (!element) {
      const line = document.createElement("p");
      line.className = "soft";
      line.textContent = words.select;
      return fields.replaceChildren(line);
    }
    const head = document.createElement("p");
    head.className = "soft";
    const type = element.type.replace("bpmn:", "");
    const kind = words.types[type[0].toLowerCase() + type.slice(1)] ?? type;
    head.append(`${kind} `, Object.assign(document.createElement("code"), { textContent: element.businessObject.id }));
    fields.replaceChildren(head, ...rows(element).map((row) => {
      const field = document.createElement("div");
      field.className = "field";
      const label = document.createElement("label");
      const made = control(row);
      label.htmlFor = made.id = `property-${row.key}`;
      label.textContent = row.label;
      made.addEventListener("change", () => row.set(made.value.trim()));
      field.append(label, made);
      return field;
    }));
  };

  const start = (made) => {
    modeler = made;
    document.getElementById("properties").hidden = false;
    const chosen = () => {
      const selected = get("selection").get();
      draw(selected.length === 1 ? selected[0].labelTarget ?? selected[0] : null);
    };
    modeler.on("selection.changed", chosen);
    modeler.on("elements.changed", ({ elements }) => {
      // What is being typed is not drawn anew under the hand.
      if (shown && elements.includes(shown) && !fields.contains(document.activeElement)) draw(shown);
    });
    modeler.on("import.done", () => draw(null));
    chosen();
  };
  return { start };
})();
